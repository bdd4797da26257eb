import { openResource, pull, push, sealResource } from '../../client/changes.ts';
import {
  createGroup,
  findRecipient,
  type Group,
  listGroups,
  listMembers,
  revoke,
  rotateKey,
  share,
} from '../../client/group.ts';
import type { InsomniaResource } from '../../client/insomnia/resource.ts';
import type { Session } from '../../client/log-in.ts';
import { readInsomniaExport } from '../../emulator/demo/insomnia-export.ts';
import { LocalStack } from '../../emulator/demo/local-stack.ts';
import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import { unwrapGroupKey } from '../../shared/crypto/group-key.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { enter, pullAll, pushEdit } from './story.ts';
import { expectProperAnswers, tapWire, type WireTap } from './wire-tap.ts';

const project = new URL('../fixtures/insomnia-export.json', import.meta.url);

const jane = { email: 'jane@example.com', passphrase: 'lanterns on the pier at dusk', firstName: 'Jane', lastName: '' };
const bob = { email: 'bob@example.com', passphrase: 'zwölf Meter gewachstes Seil', firstName: 'Bob', lastName: '' };

let stack: TestStack;
let items: InsomniaResource[];
let tap: WireTap;
let janes: Session;
let bobs: Session;
beforeAll(async () => {
  stack = await startTestStack();
  items = await readInsomniaExport(project);
  tap = tapWire(stack.url);
  const local = new LocalStack(stack.url);
  [janes, bobs] = await Promise.all([enter(local, jane), enter(local, bob)]);
});
afterAll(async () => {
  tap.stop();
  await stack.stop();
});

/** How signing up and logging in go step by step is in entering.test.ts. */
describe('Jane and Bob share a project', () => {
  let group: Group;
  let bobsGroup: Group;

  it('Jane pushes a whole Insomnia project', async () => {
    expect(items.filter(({ type }) => type === 'Request').length).toBeGreaterThanOrEqual(60);
    group = await createGroup(janes, 'Harbour Goods API');
    expect(group).toMatchObject({ id: expect.stringMatching(/^grp_[0-9a-f]{32}$/), role: 'admin', keyEpoch: 1 });
    const drafts = await Promise.all(items.map((item) => sealResource(group, { ...item, baseVersion: null })));
    const results = await push(janes, group, drafts);
    expect(results.map(({ id, status }) => ({ id, status }))).toEqual(
      items.map(({ id }) => ({ id, status: 'created' })),
    );
    expect((await push(janes, group, drafts)).every(({ status }) => status === 'unchanged')).toBe(true);
  });

  it('Bob sees nothing until Jane shares the group, to the key whose fingerprint is his', async () => {
    expect(await listGroups(bobs)).toEqual([]);
    await expect(pullAll(bobs, group)).rejects.toMatchObject({ code: 'GROUP_NOT_FOUND', problem: { status: 404 } });
    const recipient = await findRecipient(janes, bob.email);
    expect(recipient.fingerprint).toBe(await publicKeyFingerprint(JSON.stringify(bobs.keys.publicKey)));
    expect(recipient.fingerprint).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
    await share(janes, group, recipient, 'editor');
    expect(await listMembers(bobs, group)).toMatchObject([
      { email: jane.email, role: 'admin' },
      { email: bob.email, role: 'editor' },
    ]);
    const link = tap.exchanges.find(({ name }) => name === 'link-create');
    const { encSymmetricKey } = JSON.parse(link?.sent ?? '');
    expect(encSymmetricKey).toMatch(/^[0-9a-f]{512}$/);
    await expect(unwrapGroupKey(encSymmetricKey, janes.keys.privateKey)).rejects.toMatchObject({
      code: 'KEY_UNWRAP_FAILED',
    });
  });

  it('Bob pulls and reads it all, letter by letter', async () => {
    const [listed] = await listGroups(bobs);
    expect(listed).toMatchObject({ id: group.id, name: 'Harbour Goods API', role: 'editor' });
    if (listed === undefined) throw new Error('Bob sees no group.');
    bobsGroup = listed;
    const opened = await pullAll(bobs, bobsGroup);
    expect(opened.map(({ id, name, type, content }) => ({ id, name, type, content }))).toEqual(
      items.map(({ id, name, type, content }) => ({ id, name, type, content })),
    );
  });

  it('both edit one request: the second is told, nothing is lost, and a merge is written', async () => {
    const pulled = (await pullAll(janes, group)).find(({ name }) => name === 'Pay by card');
    if (pulled === undefined) throw new Error('The project has no such request.');
    expect(await pushEdit(bobs, bobsGroup, pulled, '{"by":"bob"}')).toMatchObject({ status: 'updated' });
    const verdict = await pushEdit(janes, group, pulled, '{"by":"jane"}');
    expect(verdict).toMatchObject({ status: 'conflict', current: { lastEditedBy: bobs.account.accountId } });
    if (verdict?.current === undefined) throw new Error('The conflict carries no current version.');
    const current = await openResource(group, verdict.current);
    expect(current.content).toBe('{"by":"bob"}');
    expect(await pushEdit(janes, group, current, '{"by":"both"}')).toMatchObject({ status: 'updated' });
    const merged = (await pullAll(bobs, bobsGroup)).find(({ id }) => id === pulled.id);
    expect(merged).toMatchObject({ content: '{"by":"both"}', createdBy: janes.account.accountId });
  });

  it("Bob's link is revoked: he reads no more, and nobody writes under the old key", async () => {
    const [first] = await pullAll(janes, group);
    if (first === undefined) throw new Error('The group is empty.');
    await revoke(janes, group, bobs.account.accountId);
    await expect(pullAll(bobs, bobsGroup)).rejects.toMatchObject({ code: 'GROUP_NOT_FOUND' });
    expect(await listGroups(bobs)).toEqual([]);
    await expect(pushEdit(janes, group, first, '{}')).rejects.toMatchObject({
      code: 'KEY_EPOCH_STALE',
      problem: { status: 409, rotationRequired: true },
    });
  });

  it('Jane rotates the key and writes again; what she writes now, Bob could not read if he had it', async () => {
    const kept = await pullAll(janes, group);
    const rotated = await rotateKey(janes, group, []);
    expect(rotated.keyEpoch).toBe(2);
    const again = await Promise.all(kept.map((open) => sealResource(rotated, { ...open, baseVersion: open.version })));
    expect((await push(janes, rotated, again)).every(({ status }) => status === 'updated')).toBe(true);
    const [listed] = await listGroups(janes);
    if (listed === undefined) throw new Error('Jane sees no group.');
    const opened = await pullAll(janes, listed);
    expect(opened.map(({ content }) => content).sort()).toEqual(kept.map(({ content }) => content).sort());
    for await (const { changes } of pull(janes, listed)) {
      for (const change of changes) {
        await expect(openResource(bobsGroup, change)).rejects.toMatchObject({ code: 'GROUP_KEY_MISSING' });
      }
    }
  });

  it('every answer was exactly application/json or application/problem+json, named its request and forbade caching', () => {
    expect(tap.exchanges.length).toBeGreaterThan(30);
    expectProperAnswers(tap.exchanges);
  });
});
