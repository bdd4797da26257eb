import { limits } from '../../../shared/protocol/limits.ts';
import { accepted, confirm } from '../../support/invites.ts';
import { type Member, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { shareWith } from '../../support/sync.ts';
import { joinTeam, newTeam, newTeamGroup } from '../../support/teams.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
let teamId: string;
beforeAll(async () => {
  stack = await startTestStack();
});
beforeEach(async () => {
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
  teamId = await newTeam(stack, jane);
});
afterAll(() => stack.stop());

const call = (name: string, { token }: Member, body: object) => stack.call(name, { token, body });
const groupsOf = async ({ token }: Member, query: Readonly<Record<string, string>> = {}) =>
  ((await stack.call('group-list', { token, query })).body as { groups: { id: string }[] }).groups;

interface Waiting {
  readonly groups: { readonly groupId: string; readonly waiting: string[] }[];
  readonly people: { readonly accountId: string }[];
  readonly next: string | null;
}
const waitingIn = async (by: Member, query: Readonly<Record<string, string>> = {}) =>
  (await stack.call('team-waiting', { token: by.token, query: { teamId, ...query } })).body as Waiting;

describe('a member of a team without a key', () => {
  it('sees the group as waiting, with no key and with who can grant it, and can do nothing there', async () => {
    const groupId = await newTeamGroup(stack, jane, teamId, 'Orders');
    await accepted(stack, jane, teamId, bob);
    const [listed] = await groupsOf(bob);
    expect(listed).toEqual({
      id: groupId,
      name: 'Orders',
      parentResourceId: null,
      teamId,
      keyEpoch: 1,
      revision: 0,
      rotationRequired: false,
      linkState: 'waiting-for-key',
      grantedBy: [{ accountId: jane.accountId, firstName: 'Jane', lastName: '' }],
    });
    const refused = {
      status: 403,
      body: {
        code: 'KEY_NOT_GRANTED',
        detail: 'Nobody has given you the key to this group of your team yet.',
        groupId,
      },
    };
    await expect(call('changes-pull', bob, { groupId })).resolves.toMatchObject(refused);
    await expect(call('changes-push', bob, { groupId, keyEpoch: 1, changes: [] })).resolves.not.toMatchObject({
      status: 200,
    });
    await expect(stack.call('link-list', { token: bob.token, query: { groupId } })).resolves.toMatchObject(refused);
    await expect(call('group-delete', bob, { groupId })).resolves.toMatchObject(refused);
    await expect(call('sync-check', bob, { groups: [{ groupId }] })).resolves.toMatchObject({
      body: { groups: [], missing: [groupId] },
    });
  });

  it('sees it so no more once it has the key, and never a deleted one', async () => {
    const [first, second] = [await newTeamGroup(stack, jane, teamId), await newTeamGroup(stack, jane, teamId)];
    const inviteId = await accepted(stack, jane, teamId, bob);
    await confirm(stack, jane, inviteId, bob, [first]);
    const states = new Map((await groupsOf(bob)).map((group) => [group.id, Object(group).linkState]));
    expect(states).toEqual(
      new Map([
        [first, 'active'],
        [second, 'waiting-for-key'],
      ]),
    );
    await call('group-delete', jane, { groupId: second });
    expect((await groupsOf(bob)).map(({ id }) => id)).toEqual([first]);
    expect(await groupsOf(bob, { deleted: 'true' })).toEqual([]);
  });

  it('is told of a team admin who holds the key as an editor, and of whoever else does where there is no admin', async () => {
    const groupId = await newTeamGroup(stack, jane, teamId);
    const admin = await newMember(stack, 'bob');
    await joinTeam(stack, teamId, admin, 'admin');
    await shareWith(stack, jane, groupId, admin, 'editor');
    await joinTeam(stack, teamId, bob);
    const [listed] = await groupsOf(bob);
    const ids = Object(listed).grantedBy.map(({ accountId }: { accountId: string }) => accountId);
    expect(ids.sort()).toEqual([jane.accountId, admin.accountId].sort());
  });

  it('who is in no team of the group is told nothing of it', async () => {
    const groupId = await newTeamGroup(stack, jane, teamId);
    await expect(call('changes-pull', bob, { groupId })).resolves.toMatchObject({
      status: 404,
      body: { code: 'GROUP_NOT_FOUND' },
    });
    expect(await groupsOf(bob)).toEqual([]);
  });
});

describe('group-list', () => {
  it('reads what it says: links, teams, their groups, linked groups besides, and who can grant', async () => {
    const ownGroup = await newGroup(stack, bob);
    const guestOf = await newGroup(stack, jane);
    await shareWith(stack, jane, guestOf, bob);
    const [linked] = [await newTeamGroup(stack, jane, teamId), await newTeamGroup(stack, jane, teamId)];
    const inviteId = await accepted(stack, jane, teamId, bob);
    await confirm(stack, jane, inviteId, bob, [linked]);
    const before = stack.logs.length;
    expect(await groupsOf(bob)).toHaveLength(4);
    expect((await groupsOf(bob)).map(({ id }) => id)).toContain(ownGroup);
    const line = stack.logs.slice(before).find((each) => each.function === 'group-list');
    // Session; 3 links; 2 places in teams; 2 groups of the team; 2 others; the team's admin; two looks at her link; her name.
    expect(line).toMatchObject({ reads: 1 + 3 + 2 + 2 + 2 + 1 + 2 + 1, writes: 0 });
  });
});

describe('team-waiting', () => {
  it('names who waits for which group whose key the caller may grant, with the key to wrap to', async () => {
    const old = await newTeamGroup(stack, jane, teamId, 'Old');
    const inviteId = await accepted(stack, jane, teamId, bob);
    await confirm(stack, jane, inviteId, bob, [old]);
    expect(await waitingIn(jane)).toEqual({ groups: [], people: [], next: null });
    const fresh = await newTeamGroup(stack, jane, teamId, 'Fresh');
    expect(await waitingIn(jane)).toMatchObject({
      groups: [{ groupId: fresh, name: 'Fresh', keyEpoch: 1, role: 'admin', waiting: [bob.accountId] }],
      people: [{ accountId: bob.accountId, email: bob.email, publicKey: bob.signUpBody.publicKey, role: 'member' }],
      next: null,
    });
    // He has no key to give, and of the other group he is an editor only.
    expect(await waitingIn(bob)).toEqual({ groups: [], people: [], next: null });
    await shareWith(stack, jane, fresh, bob);
    expect((await waitingIn(jane)).groups).toEqual([]);
  });

  it('is for members, and comes in pages', async () => {
    const refused = { status: 404, body: { code: 'TEAM_NOT_FOUND' } };
    await expect(stack.call('team-waiting', { token: bob.token, query: { teamId } })).resolves.toMatchObject(refused);
    await joinTeam(stack, teamId, bob);
    const made: string[] = [];
    for (let count = 0; count < limits.waitingGroups + 3; count += 1) {
      made.push(await newTeamGroup(stack, jane, teamId));
    }
    const first = await waitingIn(jane);
    expect(first.groups).toHaveLength(limits.waitingGroups);
    const second = await waitingIn(jane, { after: first.next ?? '' });
    expect(second).toMatchObject({ people: [{ accountId: bob.accountId }], next: null });
    expect([...first.groups, ...second.groups].map(({ groupId }) => groupId)).toEqual([...made].sort());
  });
});

describe('link-create', () => {
  it('takes the fingerprint of the key that was wrapped to, and refuses another', async () => {
    const groupId = await newTeamGroup(stack, jane, teamId);
    const { accountId } = bob;
    const link = { groupId, accountId, role: 'viewer', keyEpoch: 1, encSymmetricKey: wrappedKey() };
    const publicKeyFingerprint = `${'0000 '.repeat(15)}0000`;
    await expect(call('link-create', jane, { ...link, publicKeyFingerprint })).resolves.toMatchObject({
      status: 409,
      body: { code: 'FINGERPRINT_MISMATCH', accountId },
    });
    await expect(call('link-create', jane, link)).resolves.toMatchObject({ status: 201 });
  });
});
