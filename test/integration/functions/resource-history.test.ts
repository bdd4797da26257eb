import { type Member, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, history, message, pull, push, shareWith, write } from '../../support/sync.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

/** A resource with three versions: written, edited, removed. */
async function threeVersions() {
  const groupId = await newGroup(stack, jane);
  const contents = [message(), message(), message()];
  const [first, second, third] = contents;
  const one = await write(stack, jane, groupId, change('req_1', { encContent: first }));
  const edit = change('req_1', { baseVersion: one, encContent: second, name: 'Renamed' });
  const two = await write(stack, jane, groupId, edit);
  const removal = change('req_1', { baseVersion: two, encContent: third, removed: true });
  const three = await write(stack, jane, groupId, removal);
  return { groupId, contents, versions: [one, two, three] as const };
}

const restore = (groupId: string, body: object, { token }: Member = jane) =>
  stack.call('resource-restore', { token, body: { groupId, keyEpoch: 1, id: 'req_1', lastEdited: 5, ...body } });

describe('resource-history', () => {
  it('holds every version with its content, newest first, the one that stands included', async () => {
    const { groupId, contents, versions } = await threeVersions();
    const kept = await history(stack, jane, groupId, 'req_1');
    expect(kept.next).toBeNull();
    expect(kept.versions.map(({ version }) => version)).toEqual([...versions].reverse());
    expect(kept.versions.map(({ encContent }) => encContent)).toEqual([...contents].reverse());
    expect(kept.versions).toMatchObject([
      { revision: 3, removed: true, current: true, name: 'Get req_1' },
      { revision: 2, removed: false, current: false, name: 'Renamed', lastEditedBy: jane.accountId },
      { revision: 1, removed: false, current: false, keyEpoch: 1, createdBy: jane.accountId },
    ]);
    for (const { written } of kept.versions) expect(Math.abs(written - Date.now())).toBeLessThan(60_000);
  });

  it('comes in pages that neither skip nor repeat', async () => {
    const groupId = await newGroup(stack, jane);
    let baseVersion: string | null = null;
    const written: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      baseVersion = await write(stack, jane, groupId, change('req_1', { baseVersion }));
      written.unshift(baseVersion);
    }
    const seen: string[] = [];
    let before: number | null = 999_999_999_999_999;
    while (before !== null) {
      const page = await history(stack, jane, groupId, 'req_1', { limit: '3', before: String(before) });
      seen.push(...page.versions.map(({ version }) => version));
      before = page.next;
    }
    expect(seen).toEqual(written);
  });

  it('is for members, viewers too, and says when there is no such resource', async () => {
    const { groupId } = await threeVersions();
    const ask = (member: Member, id = 'req_1') =>
      stack.call('resource-history', { token: member.token, query: { groupId, id } });
    await expect(ask(bob)).resolves.toMatchObject({ status: 404, body: { code: 'GROUP_NOT_FOUND' } });
    await shareWith(stack, jane, groupId, bob, 'viewer');
    expect((await ask(bob)).status).toBe(200);
    await expect(ask(bob, 'req_9')).resolves.toMatchObject({
      status: 404,
      body: { code: 'RESOURCE_NOT_FOUND', detail: 'There is no such resource.', groupId, id: 'req_9' },
    });
  });

  it.each([
    ['limit', '0'],
    ['limit', '101'],
    ['limit', 'ten'],
    ['before', '0'],
    ['before', '9007199254740993'],
    ['id', 'a b'],
  ])('refuses %s=%s', async (field, value) => {
    const query = { groupId: `grp_${'0'.repeat(32)}`, id: 'req_1', [field]: value };
    const answer = await stack.call('resource-history', { token: jane.token, query });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: `/${field}` }] } });
  });
});

describe('resource-restore', () => {
  it('brings an earlier version back as a new one, and loses none', async () => {
    const { groupId, contents, versions } = await threeVersions();
    const [one, , three] = versions;
    const answer = await restore(groupId, { version: one, baseVersion: three });
    expect(answer).toMatchObject({
      status: 200,
      body: { revision: 4, result: { id: 'req_1', status: 'updated', version: expect.any(String) } },
    });
    const { changes } = await pull(stack, jane, groupId);
    expect(changes).toMatchObject([{ id: 'req_1', removed: false, encContent: contents[0], lastEdited: 5 }]);
    expect([...versions]).not.toContain(changes[0]?.version);
    expect((await history(stack, jane, groupId, 'req_1')).versions).toHaveLength(4);
  });

  it('answers with the row that stands when somebody wrote meanwhile', async () => {
    const { groupId, contents, versions } = await threeVersions();
    const answer = await restore(groupId, { version: versions[0], baseVersion: versions[1] });
    expect(answer).toMatchObject({
      status: 200,
      body: { revision: 3, result: { status: 'conflict', version: versions[2], current: { encContent: contents[2] } } },
    });
  });

  it('finds nothing to do when that version stands', async () => {
    const { groupId, versions } = await threeVersions();
    const answer = await restore(groupId, { version: versions[2], baseVersion: versions[2] });
    expect(answer.body).toMatchObject({ revision: 3, result: { status: 'unchanged', version: versions[2] } });
  });

  it.each(['1-AAAAAAAA', '9-AAAAAAAA', 'x', '-', 'zzzzzzzzzzzzzzzzzz-A'])('knows no version %s', async (version) => {
    const { groupId, versions } = await threeVersions();
    await expect(restore(groupId, { version, baseVersion: versions[2] })).resolves.toMatchObject({
      status: 404,
      body: { code: 'VERSION_NOT_FOUND', detail: 'This version of the resource is not kept.', version },
    });
  });

  it('keeps the key epoch that the content was written under, and asks for the one of today', async () => {
    const { groupId, versions } = await threeVersions();
    const links = [{ accountId: jane.accountId, encSymmetricKey: wrappedKey() }];
    await stack.call('group-rotate-key', { token: jane.token, body: { groupId, baseKeyEpoch: 1, links } });
    const wanted = { version: versions[0], baseVersion: versions[2] };
    await expect(restore(groupId, wanted)).resolves.toMatchObject({ status: 409, body: { code: 'KEY_EPOCH_STALE' } });
    expect((await restore(groupId, { ...wanted, keyEpoch: 2 })).status).toBe(200);
    expect((await pull(stack, jane, groupId)).changes).toMatchObject([{ id: 'req_1', keyEpoch: 1 }]);
  });

  it('is for editors', async () => {
    const { groupId, versions } = await threeVersions();
    await shareWith(stack, jane, groupId, bob, 'viewer');
    await expect(restore(groupId, { version: versions[0], baseVersion: versions[2] }, bob)).resolves.toMatchObject({
      status: 403,
      body: { code: 'ROLE_REQUIRED', required: 'editor', role: 'viewer' },
    });
  });

  it('has the work of both devices when one overwrites the other', async () => {
    const groupId = await newGroup(stack, jane);
    await shareWith(stack, jane, groupId, bob);
    const base = await write(stack, jane, groupId, change('req_1'));
    const bobs = change('req_1', { baseVersion: base });
    const stands = await write(stack, bob, groupId, bobs);
    const stale = await push(stack, jane, groupId, [change('req_1', { baseVersion: base })]);
    expect(stale.body.results[0]?.status).toBe('conflict');
    await write(stack, jane, groupId, change('req_1', { baseVersion: stands }));
    const { versions } = await history(stack, jane, groupId, 'req_1');
    expect(versions.map(({ encContent }) => encContent)).toContain(bobs.encContent);
  });
});
