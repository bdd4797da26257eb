import { type Member, newGroup, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, later, pull, push, shareWith, write } from '../../support/sync.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

const call = (name: string, { token }: Member, body: object) => stack.call(name, { token, body });
const requiresAdmin = { status: 403, body: { code: 'ROLE_REQUIRED', required: 'admin', role: 'editor' } };

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly deletedAt?: number;
  readonly restorableUntil?: number;
}

const listed = async ({ token }: Member, query: Readonly<Record<string, string>> = {}) =>
  ((await stack.call('group-list', { token, query })).body as { groups: Listed[] }).groups;

describe('group-update', () => {
  it('renames, for admins', async () => {
    const groupId = await newGroup(stack, jane);
    await shareWith(stack, jane, groupId, bob);
    const rename = (member: Member) => call('group-update', member, { groupId, name: 'Harbour' });
    await expect(rename(bob)).resolves.toMatchObject(requiresAdmin);
    await expect(rename(jane)).resolves.toMatchObject({ status: 200, body: { id: groupId, name: 'Harbour' } });
    expect((await listed(bob)).find(({ id }) => id === groupId)?.name).toBe('Harbour');
  });
});

describe('group-delete and group-restore', () => {
  it('hides a group from everybody, says so, and brings it back whole', async () => {
    const groupId = await newGroup(stack, jane);
    await shareWith(stack, jane, groupId, bob);
    await write(stack, jane, groupId, change('req_1'));
    await expect(call('group-delete', bob, { groupId })).resolves.toMatchObject(requiresAdmin);
    const deleted = await call('group-delete', jane, { groupId });
    const { deletedAt, restorableUntil } = deleted.body as Required<Listed>;
    expect(restorableUntil - deletedAt).toBe(30 * 86_400_000);

    const gone = {
      status: 410,
      body: { code: 'GROUP_DELETED', detail: 'An admin has deleted this group.', deletedAt, restorableUntil },
    };
    await expect(push(stack, bob, groupId, [change('req_2')])).resolves.toMatchObject(gone);
    await expect(call('changes-pull', bob, { groupId })).resolves.toMatchObject(gone);
    await expect(call('group-delete', jane, { groupId })).resolves.toMatchObject(gone);
    for (const member of [jane, bob]) {
      expect((await listed(member)).map(({ id }) => id)).not.toContain(groupId);
      const [kept] = (await listed(member, { deleted: 'true' })).filter(({ id }) => id === groupId);
      expect(kept).toMatchObject({ deletedAt, restorableUntil });
    }

    await expect(call('group-restore', bob, { groupId })).resolves.toMatchObject(requiresAdmin);
    await expect(call('group-restore', jane, { groupId })).resolves.toMatchObject({
      status: 200,
      body: { id: groupId },
    });
    expect((await call('group-restore', jane, { groupId })).status).toBe(200);
    expect((await pull(stack, bob, groupId)).changes.map(({ id }) => id)).toEqual(['req_1']);
    expect(await listed(jane, { deleted: 'true' })).toEqual([]);
  });

  it('is over after the retention time, whether the sweep has come or not', async () => {
    const groupId = await newGroup(stack, jane);
    await call('group-delete', jane, { groupId });
    expect((await later(stack, 29, 'group-restore', { groupId }, jane.token)).status).toBe(200);
    await call('group-delete', jane, { groupId });
    await expect(later(stack, 31, 'group-restore', { groupId }, jane.token)).resolves.toMatchObject({
      status: 404,
      body: { code: 'GROUP_NOT_FOUND', detail: 'The group was deleted too long ago.' },
    });
  });
});

describe('group-leave', () => {
  it('takes the caller out, and asks for a rotation', async () => {
    const groupId = await newGroup(stack, jane);
    await shareWith(stack, jane, groupId, bob, 'viewer');
    await expect(call('group-leave', bob, { groupId })).resolves.toMatchObject({ status: 200, body: { left: true } });
    await expect(call('changes-pull', bob, { groupId })).resolves.toMatchObject({ body: { code: 'GROUP_NOT_FOUND' } });
    await expect(push(stack, jane, groupId, [change('req_1')])).resolves.toMatchObject({
      status: 409,
      body: { code: 'KEY_EPOCH_STALE', rotationRequired: true },
    });
  });

  it('is not for the last admin, also when two admins leave at once', async () => {
    const groupId = await newGroup(stack, jane);
    const last = { status: 409, body: { code: 'LAST_ADMIN', detail: 'That account is the only admin of the group.' } };
    await expect(call('group-leave', jane, { groupId })).resolves.toMatchObject(last);
    await shareWith(stack, jane, groupId, bob, 'admin');
    const answers = await Promise.all([jane, bob].map((member) => call('group-leave', member, { groupId })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});
