import { randomBytes } from 'node:crypto';
import { groups, links } from '../../../shared/store/groups.ts';
import { type Member, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;

beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

const share = (groupId: string, to: Member, role = 'editor', keyEpoch = 1, encSymmetricKey = wrappedKey()) =>
  stack.call('link-create', {
    token: jane.token,
    body: { groupId, accountId: to.accountId, role, encSymmetricKey, keyEpoch },
  });

const listed = async ({ token }: Member) =>
  ((await stack.call('group-list', { token })).body as { groups: { id: string; keyEpoch: number }[] }).groups;

describe('group-create and group-list', () => {
  it('makes the caller admin at epoch 1, revision 0, and hands the wrapped key back', async () => {
    const encSymmetricKey = wrappedKey();
    const parentResourceId = `wrk_${randomBytes(16).toString('hex')}`;
    const created = await stack.call('group-create', {
      token: jane.token,
      body: { name: 'Web shop', parentResourceId, encSymmetricKey },
    });
    expect(created).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^grp_[0-9a-f]{32}$/),
        name: 'Web shop',
        parentResourceId,
        keyEpoch: 1,
        revision: 0,
        role: 'admin',
      },
    });
    const { id } = created.body as { id: string };
    expect(await listed(jane)).toContainEqual({
      id,
      name: 'Web shop',
      parentResourceId,
      teamId: null,
      role: 'admin',
      keyEpoch: 1,
      revision: 0,
      encSymmetricKey,
      linkState: 'active',
    });
    expect((await listed(bob)).map((group) => group.id)).not.toContain(id);
  });

  it('creates once under one Idempotency-Key, and refuses the key for another body', async () => {
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const body = { name: 'Once', encSymmetricKey: wrappedKey() };
    const first = await stack.call('group-create', { token: jane.token, headers, body });
    const again = await stack.call('group-create', { token: jane.token, headers, body });
    expect({ status: again.status, body: again.body }).toEqual({ status: 201, body: first.body });
    expect((await listed(jane)).filter(({ id }) => id === (first.body as { id: string }).id)).toHaveLength(1);

    const other = await stack.call('group-create', { token: jane.token, headers, body: { ...body, name: 'Twice' } });
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const bobs = await stack.call('group-create', { token: bob.token, headers, body: { ...body, name: 'His own' } });
    expect(bobs.status).toBe(201);
  });

  it('answers parallel calls under one key with one group', async () => {
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const body = { name: `Parallel ${randomBytes(4).toString('hex')}`, encSymmetricKey: wrappedKey() };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => stack.call('group-create', { token: jane.token, headers, body })),
    );
    for (const answer of answers) {
      if (answer.status === 409) expect(answer.body).toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS' });
      else expect(answer.status).toBe(201);
    }
    const mine = (await stack.call('group-list', { token: jane.token })).body as { groups: { name: string }[] };
    expect(mine.groups.filter(({ name }) => name === body.name)).toHaveLength(1);
  });

  it.each(['', 'x'.repeat(256)])('refuses an Idempotency-Key of %#', async (key) => {
    const answer = await stack.call('group-create', {
      token: jane.token,
      headers: { 'idempotency-key': key },
      body: { name: 'n', encSymmetricKey: wrappedKey() },
    });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'header:Idempotency-Key' }] } });
  });

  it('takes a wrapped key of exactly 512 hex characters', async () => {
    for (const wrong of ['a'.repeat(511), 'a'.repeat(513), 'A'.repeat(512), 'g'.repeat(512)]) {
      const answer = await stack.call('group-create', {
        token: jane.token,
        body: { name: 'n', encSymmetricKey: wrong },
      });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/encSymmetricKey' }] } });
    }
  });
});

describe('public-key-get', () => {
  it('gives the key and its fingerprint', async () => {
    const answer = await stack.call('public-key-get', { token: jane.token, body: { email: bob.email.toUpperCase() } });
    expect(answer).toMatchObject({
      status: 200,
      body: { accountId: bob.accountId, publicKey: bob.signUpBody.publicKey },
    });
    expect((answer.body as { fingerprint: string }).fingerprint).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
  });

  it('knows no unverified or missing account', async () => {
    const email = `nobody+${randomBytes(6).toString('hex')}@example.com`;
    const answer = await stack.call('public-key-get', { token: jane.token, body: { email } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'ACCOUNT_NOT_FOUND', email } });
  });
});

describe('link-create, link-list and link-revoke', () => {
  it('shares, lists and revokes', async () => {
    const groupId = await newGroup(stack, jane);
    const encSymmetricKey = wrappedKey();
    const created = await share(groupId, bob, 'editor', 1, encSymmetricKey);
    expect(created).toMatchObject({
      status: 201,
      body: { accountId: bob.accountId, role: 'editor', keyEpoch: 1, state: 'active' },
    });
    expect(await listed(bob)).toContainEqual(expect.objectContaining({ id: groupId, role: 'editor', encSymmetricKey }));

    const members = await stack.call('link-list', { token: bob.token, query: { groupId } });
    expect(members.body).toEqual({
      links: [
        expect.objectContaining({ accountId: jane.accountId, email: jane.email, role: 'admin' }),
        expect.objectContaining({ accountId: bob.accountId, email: bob.email, firstName: 'Bob', role: 'editor' }),
      ],
    });

    const revoked = await stack.call('link-revoke', { token: jane.token, body: { groupId, accountId: bob.accountId } });
    expect(revoked).toMatchObject({ status: 200, body: { rotationRequired: true } });
    expect((await listed(bob)).map(({ id }) => id)).not.toContain(groupId);
    for (const call of ['changes-pull', 'link-list'] as const) {
      const options = call === 'link-list' ? { query: { groupId } } : { body: { groupId } };
      await expect(stack.call(call, { token: bob.token, ...options })).resolves.toMatchObject({
        status: 404,
        body: { code: 'GROUP_NOT_FOUND' },
      });
    }
  });

  it('answers a stranger as if the group did not exist', async () => {
    const groupId = await newGroup(stack, jane);
    const strange = await stack.call('link-list', { token: bob.token, query: { groupId } });
    const missing = await stack.call('link-list', { token: bob.token, query: { groupId: `grp_${'0'.repeat(32)}` } });
    const shape = ({ status, body }: typeof strange) => ({ status, detail: (body as { detail: string }).detail });
    expect(shape(strange)).toEqual(shape(missing));
    expect(strange.status).toBe(404);
  });

  it('lets admins share and revoke, nobody else', async () => {
    const groupId = await newGroup(stack, jane);
    await share(groupId, bob, 'editor');
    const body = { groupId, accountId: bob.accountId, role: 'admin', encSymmetricKey: wrappedKey(), keyEpoch: 1 };
    const required = { status: 403, body: { code: 'ROLE_REQUIRED', required: 'admin', role: 'editor' } };
    await expect(stack.call('link-create', { token: bob.token, body })).resolves.toMatchObject(required);
    const revoke = { groupId, accountId: jane.accountId };
    await expect(stack.call('link-revoke', { token: bob.token, body: revoke })).resolves.toMatchObject(required);
    const rotate = { groupId, baseKeyEpoch: 1, links: [{ accountId: bob.accountId, encSymmetricKey: wrappedKey() }] };
    await expect(stack.call('group-rotate-key', { token: bob.token, body: rotate })).resolves.toMatchObject(required);
  });

  it('refuses a second link, an unknown account, a stale epoch, an unknown member', async () => {
    const groupId = await newGroup(stack, jane);
    await share(groupId, bob);
    await expect(share(groupId, bob)).resolves.toMatchObject({ status: 409, body: { code: 'LINK_EXISTS' } });
    const nobody = { ...bob, accountId: `acct_${'0'.repeat(32)}` };
    await expect(share(groupId, nobody)).resolves.toMatchObject({ status: 404, body: { code: 'ACCOUNT_NOT_FOUND' } });
    const other = await newGroup(stack, jane);
    await expect(share(other, bob, 'viewer', 2)).resolves.toMatchObject({
      status: 409,
      body: { code: 'KEY_EPOCH_STALE', keyEpoch: 1, rotationRequired: false },
    });
    const revoke = { groupId: other, accountId: bob.accountId };
    await expect(stack.call('link-revoke', { token: jane.token, body: revoke })).resolves.toMatchObject({
      status: 404,
      body: { code: 'LINK_NOT_FOUND' },
    });
  });

  it('never lets the last admin go, also when two admins revoke each other at once', async () => {
    const groupId = await newGroup(stack, jane);
    const revoke = (by: Member, whom: Member) =>
      stack.call('link-revoke', { token: by.token, body: { groupId, accountId: whom.accountId } });
    await expect(revoke(jane, jane)).resolves.toMatchObject({ status: 409, body: { code: 'LAST_ADMIN' } });

    await share(groupId, bob, 'admin');
    await Promise.all([revoke(jane, bob), revoke(bob, jane)]);
    const left = await stack.platform.database.list({ collection: links(groupId), where: [['role', '==', 'admin']] });
    expect(left).toHaveLength(1);
  });
});

describe('group-rotate-key', () => {
  it('replaces every link at once and clears the need', async () => {
    const groupId = await newGroup(stack, jane);
    await share(groupId, bob);
    const keys = { [jane.accountId]: wrappedKey(), [bob.accountId]: wrappedKey() };
    const body = {
      groupId,
      baseKeyEpoch: 1,
      links: Object.entries(keys).map(([accountId, encSymmetricKey]) => ({ accountId, encSymmetricKey })),
    };
    await expect(stack.call('group-rotate-key', { token: jane.token, body })).resolves.toMatchObject({
      status: 200,
      body: { keyEpoch: 2 },
    });
    for (const member of [jane, bob]) {
      expect(await listed(member)).toContainEqual(
        expect.objectContaining({
          id: groupId,
          keyEpoch: 2,
          encSymmetricKey: keys[member.accountId],
          linkState: 'active',
        }),
      );
    }
    await expect(stack.call('group-rotate-key', { token: jane.token, body })).resolves.toMatchObject({
      status: 409,
      body: { code: 'KEY_EPOCH_STALE', keyEpoch: 2 },
    });
  });

  it('must name the members exactly, and tells who is missing or too many', async () => {
    const groupId = await newGroup(stack, jane);
    await share(groupId, bob);
    const stranger = `acct_${'1'.repeat(32)}`;
    const links = [jane.accountId, stranger].map((accountId) => ({ accountId, encSymmetricKey: wrappedKey() }));
    const answer = await stack.call('group-rotate-key', {
      token: jane.token,
      body: { groupId, baseKeyEpoch: 1, links },
    });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'MEMBERSHIP_CHANGED', missing: [bob.accountId], unexpected: [stranger] },
    });
    const [group] = await stack.platform.database.get(groups.doc(groupId));
    expect(group?.data.keyEpoch).toBe(1);
  });

  it('cannot pass a member who is added at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const groupId = await newGroup(stack, jane);
      const own = [{ accountId: jane.accountId, encSymmetricKey: wrappedKey() }];
      const [rotated, shared] = await Promise.all([
        stack.call('group-rotate-key', { token: jane.token, body: { groupId, baseKeyEpoch: 1, links: own } }),
        share(groupId, bob),
      ]);
      const outcome = [rotated.status, shared.status].join(' ');
      expect(['200 409', '409 201']).toContain(outcome);
      const epochs = await stack.platform.database.list({ collection: links(groupId), where: [] });
      expect(new Set(epochs.map(({ data }) => data.keyEpoch)).size).toBe(1);
    }
  });
});
