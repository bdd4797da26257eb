import { randomBytes } from 'node:crypto';
import { limits } from '../../../shared/protocol/limits.ts';
import { create, set, update, type Write } from '../../../shared/store/database.ts';
import { allLinks, groups, links, oldKeys } from '../../../shared/store/groups.ts';
import { teamMembers, teams } from '../../../shared/store/teams.ts';
import { type Member, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, later, pull, push, shareWith, write } from '../../support/sync.ts';
import { joinTeam, newTeam, newTeamGroup } from '../../support/teams.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
let other: Member;
beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob, other] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

const call = (name: string, { token }: Member, body: object) => stack.call(name, { token, body });
const takeOut = (by: Member, teamId: string, { accountId }: Member, handOver?: object[]) =>
  call('team-member-remove', by, { teamId, accountId, ...(handOver && { handOver }) });
const linkOf = async (groupId: string, { accountId }: Member) =>
  (await stack.platform.database.get(links(groupId).doc(accountId)))[0]?.data;
const groupOf = async (groupId: string) => (await stack.platform.database.get(groups.doc(groupId)))[0]?.data;
const isMember = async (teamId: string, { accountId }: Member) =>
  (await stack.platform.database.get(teamMembers(teamId).doc(accountId)))[0] !== undefined;

async function janesTeam(...others: Member[]): Promise<string> {
  const teamId = await newTeam(stack, jane);
  for (const member of others) await joinTeam(stack, teamId, member);
  return teamId;
}

describe('team-member-remove', () => {
  it('revokes all links in the team at once, says what must be rotated, and leaves other groups alone', async () => {
    const teamId = await janesTeam(bob);
    const first = await newTeamGroup(stack, jane, teamId, 'First');
    const second = await newTeamGroup(stack, jane, teamId, 'Second');
    const without = await newTeamGroup(stack, jane, teamId, 'Not his');
    const elsewhere = await newTeamGroup(stack, jane, await newTeam(stack, jane));
    for (const groupId of [first, second, elsewhere]) await shareWith(stack, jane, groupId, bob);
    await write(stack, bob, first, change('req_1'));

    const answer = await takeOut(jane, teamId, bob);
    const { accountId, rotationRequired } = answer.body as { accountId: string; rotationRequired: { name: string }[] };
    expect([answer.status, accountId]).toEqual([200, bob.accountId]);
    expect(rotationRequired.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { groupId: first, name: 'First', keyEpoch: 1 },
      { groupId: second, name: 'Second', keyEpoch: 1 },
    ]);
    for (const groupId of [first, second]) {
      expect(await linkOf(groupId, bob)).toBeUndefined();
      expect(await groupOf(groupId)).toMatchObject({ members: 1, rotationRequired: true });
      const refused = { status: 404, body: { code: 'GROUP_NOT_FOUND' } };
      await expect(call('changes-pull', bob, { groupId })).resolves.toMatchObject(refused);
    }
    const stale = { status: 409, body: { code: 'KEY_EPOCH_STALE', groupId: first, rotationRequired: true } };
    expect(await push(stack, jane, first, [change('req_2')])).toMatchObject(stale);
    expect(await groupOf(without)).toMatchObject({ rotationRequired: false });
    expect((await pull(stack, bob, elsewhere)).changes).toEqual([]);
    const audits = await Promise.all([jane, bob].map(({ token }) => stack.call('audit-list', { token })));
    expect(audits.map(({ body }) => (body as { events: { event: string }[] }).events[0]?.event)).toEqual([
      'team-member-removed',
      'team-removed',
    ]);
  });

  it('is for admins, of members', async () => {
    const teamId = await janesTeam(bob);
    const requiresAdmin = { status: 403, body: { code: 'ROLE_REQUIRED', required: 'admin', role: 'member' } };
    await expect(takeOut(bob, teamId, jane)).resolves.toMatchObject(requiresAdmin);
    const nobody = { status: 404, body: { code: 'MEMBER_NOT_FOUND', accountId: other.accountId } };
    await expect(takeOut(jane, teamId, other)).resolves.toMatchObject(nobody);
    const last = { status: 409, body: { code: 'LAST_TEAM_ADMIN' } };
    await expect(takeOut(jane, teamId, jane)).resolves.toMatchObject(last);
  });

  it('also revokes links to groups that are deleted and could be restored', async () => {
    const teamId = await janesTeam(bob);
    const groupId = await newTeamGroup(stack, bob, teamId);
    await call('group-delete', bob, { groupId });
    await expect(takeOut(jane, teamId, bob)).resolves.toMatchObject({ status: 200, body: { rotationRequired: [] } });
    expect(await linkOf(groupId, bob)).toBeUndefined();
    await expect(call('group-restore', bob, { groupId })).resolves.toMatchObject({ status: 404 });
  });

  it('erases the old keys, also when they are too many for one commit', async () => {
    const teamId = await janesTeam(bob);
    const groupId = await newTeamGroup(stack, jane, teamId);
    await shareWith(stack, jane, groupId, bob);
    const { database } = stack.platform;
    const kept = Array.from({ length: 400 }, (_, n) => {
      const key = { groupId, keyEpoch: n + 1, encSymmetricKey: wrappedKey() };
      return set(oldKeys(groupId, bob.accountId).doc(String(n + 1)), key);
    });
    await database.commit(kept);
    await expect(takeOut(jane, teamId, bob)).resolves.toMatchObject({ status: 200 });
    expect(await database.list({ collection: oldKeys(groupId, bob.accountId), where: [] })).toEqual([]);
  });

  it('takes somebody out of as many groups as a team may have, in one commit under 500 writes', async () => {
    const teamId = await janesTeam(bob);
    const { database } = stack.platform;
    const ids = Array.from({ length: limits.teamGroups }, () => `grp_${randomBytes(16).toString('hex')}`);
    const made = ids.flatMap((groupId): Write[] => {
      const link = { groupId, encSymmetricKey: wrappedKey(), keyEpoch: 1, state: 'active', created: 1 } as const;
      const head = { name: 'x', parentResourceId: null, teamId, created: 1, createdBy: bob.accountId, members: 2 };
      const counts = { revision: 0, purgedRevision: 0, keyEpoch: 1, linkChanges: 0, bytes: 0 };
      return [
        create(groups.doc(groupId), { ...head, ...counts, rotationRequired: false, lost: false, deletedAt: null }),
        create(links(groupId).doc(bob.accountId), { ...link, accountId: bob.accountId, role: 'admin' }),
        // She takes them all over, which is another write for each.
        create(links(groupId).doc(jane.accountId), { ...link, accountId: jane.accountId, role: 'editor' }),
        ...[1, 2].map((epoch) => {
          const key = { groupId, keyEpoch: epoch, encSymmetricKey: wrappedKey() };
          return create(oldKeys(groupId, bob.accountId).doc(String(epoch)), key);
        }),
      ];
    });
    await database.commit(made);
    const before = stack.logs.length;
    const answer = await takeOut(jane, teamId, bob);
    expect(answer.status).toBe(200);
    expect((answer.body as { rotationRequired: object[] }).rotationRequired).toHaveLength(limits.teamGroups);
    const line = stack.logs.slice(before).find(({ reads }) => reads !== undefined);
    expect(line).toMatchObject({ function: 'team-member-remove' });
    // 50 of the 200 old keys went before.
    expect(Number(line?.writes) - 50).toBeLessThanOrEqual(500);
    const where = [['accountId', '==', bob.accountId]] as const;
    const left = await database.list({ collection: allLinks, everywhere: true, where });
    expect(left.filter(({ data }) => ids.includes(data.groupId))).toEqual([]);
    expect((await linkOf(ids[0] ?? '', jane))?.role).toBe('admin');
  });
});

describe('a group whose only admin goes', () => {
  it('goes over to a team admin who has a key', async () => {
    const teamId = await janesTeam(bob);
    const groupId = await newTeamGroup(stack, bob, teamId);
    await shareWith(stack, bob, groupId, jane, 'viewer');
    await expect(takeOut(jane, teamId, bob)).resolves.toMatchObject({ status: 200 });
    expect(await linkOf(groupId, jane)).toMatchObject({ role: 'admin' });
  });

  it('keeps its member in the team while no team admin has a key, and the answer says who could take it', async () => {
    const teamId = await janesTeam(bob, other);
    const alone = await newTeamGroup(stack, bob, teamId, 'Alone');
    const shared = await newTeamGroup(stack, bob, teamId, 'Shared');
    await shareWith(stack, bob, shared, other, 'editor');
    const refused = await takeOut(jane, teamId, bob);
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'GROUPS_ORPHANED',
        detail: 'Groups that would have nobody left to manage or to open them: 2.',
        groups: expect.arrayContaining([
          { groupId: alone, name: 'Alone', holders: [] },
          { groupId: shared, name: 'Shared', holders: [{ accountId: other.accountId, role: 'editor' }] },
        ]),
      },
    });
    expect(await isMember(teamId, bob)).toBe(true);
    expect(await groupOf(alone)).toMatchObject({ rotationRequired: false });

    // Whoever has no key cannot take it.
    const toJane = [{ groupId: shared, to: jane.accountId }];
    await expect(takeOut(jane, teamId, bob, toJane)).resolves.toMatchObject({ status: 409 });
    const handOver = [
      { groupId: shared, to: other.accountId },
      { groupId: alone, to: null },
    ];
    await expect(takeOut(jane, teamId, bob, handOver)).resolves.toMatchObject({
      status: 200,
      body: { rotationRequired: [{ groupId: shared }] },
    });
    expect(await linkOf(shared, other)).toMatchObject({ role: 'admin' });
    expect(await groupOf(alone)).toMatchObject({ deletedAt: expect.any(Number), members: 0 });
    expect(await isMember(teamId, bob)).toBe(false);
    await later(stack, 31, 'maintenance-groups');
    expect(await groupOf(alone)).toBeUndefined();
  });

  it('is not lost by an editor going who is the last to have a key that opens', async () => {
    const teamId = await janesTeam(bob);
    const groupId = await newTeamGroup(stack, jane, teamId);
    await shareWith(stack, jane, groupId, bob, 'editor');
    const { database } = stack.platform;
    const [link] = await database.get(links(groupId).doc(jane.accountId));
    if (link === undefined) throw new Error('Jane has no link.');
    await database.commit([update(link, { state: 'needs-rekey' })]);
    await expect(takeOut(jane, teamId, bob)).resolves.toMatchObject({
      status: 409,
      body: { code: 'GROUPS_ORPHANED', groups: [{ groupId, holders: [] }] },
    });
  });

  it.each([
    ['/handOver/0/groupId', [{ groupId: 'x', to: null }]],
    ['/handOver/0/to', [{ groupId: `grp_${'0'.repeat(32)}`, to: 'x' }]],
    ['/handOver', [0, 1].map(() => ({ groupId: `grp_${'0'.repeat(32)}`, to: null }))],
  ])('names %s when it is wrong', async (path, handOver) => {
    await expect(takeOut(jane, await janesTeam(bob), bob, handOver)).resolves.toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', errors: [{ path }] },
    });
  });
});

describe('team-leave', () => {
  const leave = (member: Member, teamId: string) => call('team-leave', member, { teamId });

  it('takes oneself out, links and all', async () => {
    const teamId = await janesTeam(bob);
    const groupId = await newTeamGroup(stack, jane, teamId);
    await shareWith(stack, jane, groupId, bob);
    await expect(leave(bob, teamId)).resolves.toMatchObject({
      status: 200,
      body: { left: true, rotationRequired: [{ groupId, keyEpoch: 1 }] },
    });
    expect(await linkOf(groupId, bob)).toBeUndefined();
    await expect(leave(bob, teamId)).resolves.toMatchObject({ status: 404, body: { code: 'TEAM_NOT_FOUND' } });
    expect((await stack.call('audit-list', { token: bob.token })).body).toMatchObject({
      events: expect.arrayContaining([expect.objectContaining({ event: 'team-left' })]),
    });
  });

  it('is not for the last admin; of two who leave at once one stays', async () => {
    const alone = await janesTeam(bob);
    await expect(leave(jane, alone)).resolves.toMatchObject({ status: 409, body: { code: 'LAST_TEAM_ADMIN' } });
    for (let round = 0; round < 5; round += 1) {
      const teamId = await newTeam(stack, jane);
      await joinTeam(stack, teamId, bob, 'admin');
      const answers = await Promise.all([leave(jane, teamId), leave(bob, teamId)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(await stack.platform.database.list({ collection: teamMembers(teamId), where: [] })).toHaveLength(1);
      expect((await stack.platform.database.get(teams.doc(teamId)))[0]?.data.members).toBe(1);
    }
  });
});
