import { type Draft, openResource, pull, sealResource } from '../../../client/changes.ts';
import { Connection } from '../../../client/connection.ts';
import { GroupKeyMissing } from '../../../client/failures.ts';
import { findRecipient, type Group, listGroups, rotateKey, share } from '../../../client/group.ts';
import { history, restore, type Version } from '../../../client/history.ts';
import type { Session } from '../../../client/log-in.ts';
import { type AccountKeys, createAccountKeys } from '../../../shared/crypto/account-keys.ts';
import { createAesKey } from '../../../shared/crypto/aes-key.ts';
import { MessageMisplaced, MessageTampered } from '../../../shared/crypto/errors.ts';
import { publicKeyFingerprint } from '../../../shared/crypto/fingerprint.ts';
import { unwrapGroupKey, wrapGroupKey } from '../../../shared/crypto/group-key.ts';
import type { Resource } from '../../../shared/protocol/changes.ts';
import { type Answering, type SmallServer, startSmallServer } from './small-server.ts';

const groupId = `grp_${'a'.repeat(32)}`;
const accountId = `acct_${'1'.repeat(32)}`;
const bobsId = `acct_${'2'.repeat(32)}`;

let jane: AccountKeys;
let bob: AccountKeys;
let server: SmallServer | undefined;
beforeAll(async () => {
  jane = await createAccountKeys();
  bob = await createAccountKeys();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function sessionWith(answer: Answering): Promise<Session> {
  server = await startSmallServer(answer);
  const names = { email: 'jane@example.com', firstName: 'Jane', lastName: '', created: 1, isVerified: true } as const;
  const sealed = { saltEnc: '0'.repeat(64), publicKey: '{}', encPrivateKey: '{}', encSymmetricKey: '{}' };
  const life = { sessionAge: 0, sessionExpiry: 60, profile: 'srp6a-2048-sha256+pbkdf2-sha256-100000' } as const;
  const account = { accountId, ...names, ...sealed, ...life };
  return { connection: new Connection(server.url), account, keys: jane, expiresAt: 2 };
}

const teamId = `team_${'0'.repeat(32)}`;

async function newGroup(id = groupId, keyEpoch = 1): Promise<Group> {
  return { id, name: 'Web shop', teamId, role: 'admin', keyEpoch, keys: new Map([[keyEpoch, await createAesKey()]]) };
}

const draft: Draft = {
  id: 'req_1',
  type: 'Request',
  name: 'Log in',
  content: '{"url":"https://example.com/ü"}',
  baseVersion: null,
  lastEdited: 3,
};

/** A sealed draft as the server would hand it out. */
async function stored(group: Group, changed: Partial<Resource> = {}): Promise<Resource> {
  const { baseVersion: _base, ...change } = await sealResource(group, draft);
  const { keyEpoch } = group;
  return {
    ...change,
    removed: false,
    version: '1-x',
    keyEpoch,
    createdBy: accountId,
    lastEditedBy: accountId,
    ...changed,
  };
}

describe('a resource', () => {
  it('opens where it was sealed for, and the wire shows its name and type only', async () => {
    const group = await newGroup();
    const resource = await stored(group);
    expect(await openResource(group, resource)).toMatchObject({ id: 'req_1', name: 'Log in', content: draft.content });
    expect(JSON.stringify(resource)).not.toContain('example.com');
  });

  it('is refused under another id, in another group, or at another key epoch', async () => {
    const group = await newGroup();
    const [key] = group.keys.values();
    if (key === undefined) throw new Error('a new group has a key');
    await expect(openResource(group, await stored(group, { id: 'req_2' }))).rejects.toThrow(MessageMisplaced);
    const elsewhere = { ...group, id: `grp_${'b'.repeat(32)}` };
    await expect(openResource(elsewhere, await stored(group))).rejects.toThrow(MessageMisplaced);
    const later: Group = { ...group, keyEpoch: 2, keys: new Map([...group.keys, [2, key]]) };
    await expect(openResource(later, await stored(group, { keyEpoch: 2 }))).rejects.toThrow(MessageMisplaced);
  });

  it('is refused when its place was rewritten along with it', async () => {
    const group = await newGroup();
    const other = await sealResource(group, { ...draft, id: 'req_2' });
    const { ad } = JSON.parse(other.encContent);
    const resource = await stored(group, { id: 'req_2' });
    const encContent = JSON.stringify({ ...JSON.parse(resource.encContent), ad });
    await expect(openResource(group, { ...resource, encContent })).rejects.toThrow(MessageTampered);
  });

  it('says which key is missing', async () => {
    const group = await newGroup();
    await expect(openResource(group, await stored(group, { keyEpoch: 4 }))).rejects.toThrow(GroupKeyMissing);
    await expect(openResource(group, await stored(group, { keyEpoch: 4 }))).rejects.toThrow('epoch 4');
  });
});

describe('pull', () => {
  it('follows the cursor over all pages', async () => {
    const group = await newGroup();
    const resource = await stored(group);
    const session = await sessionWith((_request, index) => ({
      body: {
        changes: [{ ...resource, id: `req_${index}`, revision: index + 1 }],
        cursor: `c${index + 1}`,
        more: index < 2,
        revision: 3,
      },
    }));
    const seen: string[] = [];
    for await (const { changes } of pull(session, group, 'c0')) seen.push(...changes.map(({ id }) => id));
    expect(seen).toEqual(['req_0', 'req_1', 'req_2']);
    expect(server?.received.map(({ body }) => Object(body).cursor)).toEqual(['c0', 'c1', 'c2']);
  });
});

describe('history', () => {
  it('follows the pages, newest first, and a restore names the version and its base', async () => {
    const group = await newGroup();
    const resource = await stored(group);
    const kept = { ...resource, revision: 1, written: 1, current: false };
    const session = await sessionWith((request, index) => {
      if (request.method === 'POST')
        return { body: { revision: 9, result: { id: 'req_1', status: 'updated', version: '9-y' } } };
      const versions = [{ ...kept, version: `${8 - index}-x` }];
      return { body: { versions, next: index < 2 ? 8 - index : null } };
    });
    const seen: Version[] = [];
    for await (const version of history(session, group, 'req_1')) seen.push(version);
    expect(seen.map(({ version }) => version)).toEqual(['8-x', '7-x', '6-x']);
    const asked = (server?.received ?? []).map(({ url }) => new URL(url, 'http://x').searchParams.get('before'));
    expect(asked).toEqual([null, '8', '7']);

    const [, , oldest] = seen;
    if (oldest === undefined) throw new Error('There is no third version.');
    await expect(restore(session, group, oldest, '8-x')).resolves.toMatchObject({ status: 'updated', version: '9-y' });
    const { id } = resource;
    expect(server?.received.at(-1)?.body).toMatchObject({
      groupId,
      id,
      keyEpoch: 1,
      version: '6-x',
      baseVersion: '8-x',
    });
  });
});

describe('a group', () => {
  it('is listed with its earlier keys too, and shared with them', async () => {
    const [first, second] = [await createAesKey(), await createAesKey()];
    const wrapped = async (keyEpoch: number, key: typeof first) => ({
      keyEpoch,
      encSymmetricKey: await wrapGroupKey(key, jane.publicKey),
    });
    const keys = [await wrapped(1, first), await wrapped(2, second)];
    const row = {
      id: groupId,
      name: 'Web shop',
      parentResourceId: null,
      teamId,
      role: 'admin',
      revision: 0,
    };
    const session = await sessionWith(({ url }) => {
      if (url.startsWith('/link-keys')) return { body: { keys } };
      if (url === '/link-create') return { body: { accountId: bobsId, role: 'viewer', keyEpoch: 2, state: 'active' } };
      return { body: { groups: [{ ...row, ...keys[1], linkState: 'active', rotationRequired: false }] } };
    });
    const [group] = await listGroups(session);
    if (group === undefined) throw new Error('No group was listed.');
    expect(group.keys).toEqual(
      new Map([
        [1, first],
        [2, second],
      ]),
    );

    await share(session, group, { accountId: bobsId, publicKey: bob.publicKey, fingerprint: '' }, 'viewer');
    const link = Object(server?.received.at(-1)?.body);
    expect(await unwrapGroupKey(link.encSymmetricKey, bob.privateKey)).toEqual(second);
    expect(link.oldKeys).toHaveLength(1);
    expect(await unwrapGroupKey(link.oldKeys[0].encSymmetricKey, bob.privateKey)).toEqual(first);
  });

  it('is listed with its key open, unless its link waits for a new one', async () => {
    const group = await newGroup();
    const [key] = group.keys.values();
    if (key === undefined) throw new Error('a new group has a key');
    const encSymmetricKey = await wrapGroupKey(key, jane.publicKey);
    const row = {
      id: groupId,
      name: 'Web shop',
      parentResourceId: null,
      teamId,
      role: 'admin',
      keyEpoch: 1,
    };
    const listed = { ...row, revision: 0, encSymmetricKey, rotationRequired: false };
    const session = await sessionWith(() => ({
      body: {
        groups: [
          { ...listed, linkState: 'active' },
          { ...listed, id: `grp_${'b'.repeat(32)}`, encSymmetricKey: '0'.repeat(512), linkState: 'needs-rekey' },
        ],
      },
    }));
    expect(await listGroups(session)).toEqual([group]);
  });

  it('shows the fingerprint of the key it was given, not the one the server claims', async () => {
    const publicKey = JSON.stringify(bob.publicKey);
    const claimed = await publicKeyFingerprint(JSON.stringify(jane.publicKey));
    const session = await sessionWith(() => ({ body: { accountId: bobsId, publicKey, fingerprint: claimed } }));
    const recipient = await findRecipient(session, 'bob@example.com');
    expect(recipient.fingerprint).toBe(await publicKeyFingerprint(publicKey));
    expect(recipient).toMatchObject({ accountId: bobsId, publicKey: bob.publicKey });
  });

  it('is rotated to a fresh key, wrapped to its own account and to the recipients it was told', async () => {
    const group = await newGroup();
    const session = await sessionWith(() => ({ body: { keyEpoch: 2 } }));
    const recipient = { accountId: bobsId, publicKey: bob.publicKey, fingerprint: '' };
    const rotated = await rotateKey(session, group, [recipient]);
    expect([...rotated.keys.keys()]).toEqual([1, 2]);
    expect(rotated.keyEpoch).toBe(2);

    const body = server?.received[0]?.body as { links: { accountId: string; encSymmetricKey: string }[] };
    expect(body).toMatchObject({ groupId, baseKeyEpoch: 1, links: [{ accountId }, { accountId: bobsId }] });
    const [mine = '', bobs = ''] = body.links.map(({ encSymmetricKey }) => encSymmetricKey);
    expect(await unwrapGroupKey(mine, jane.privateKey)).toEqual(rotated.keys.get(2));
    expect(await unwrapGroupKey(bobs, bob.privateKey)).toEqual(rotated.keys.get(2));
    expect(rotated.keys.get(2)).not.toEqual(rotated.keys.get(1));
  });
});
