import { randomBytes } from 'node:crypto';
import { publicKeyFingerprint } from '../../../shared/crypto/fingerprint.ts';
import { limits } from '../../../shared/protocol/limits.ts';
import { create, update } from '../../../shared/store/database.ts';
import { personalTeamOf, teamMembers, teams } from '../../../shared/store/teams.ts';
import { type Member, makePerson, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { later } from '../../support/sync.ts';
import { joinTeam, newTeam, newTeamGroup } from '../../support/teams.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

const call = (name: string, { token }: Member, body: object) => stack.call(name, { token, body });
const ask = (name: string, { token }: Member, query: Readonly<Record<string, string>> = {}) =>
  stack.call(name, { token, query });
const setRole = (by: Member, teamId: string, of: Member, role: string) =>
  call('team-member-role', by, { teamId, accountId: of.accountId, role });
const notInTeam = {
  status: 404,
  body: { code: 'TEAM_NOT_FOUND', detail: 'There is no such team, or you are no member of it.' },
};
const requiresAdmin = { status: 403, body: { code: 'ROLE_REQUIRED', required: 'admin', role: 'member' } };

describe('the personal team', () => {
  it('comes with the account and holds what is made without naming a team', async () => {
    const { body } = await ask('team-list', jane);
    const id = personalTeamOf(jane.accountId);
    expect(body).toMatchObject({ teams: [{ id, name: 'Personal', personal: true, role: 'admin', members: 1 }] });
    const groupId = await newGroup(stack, jane);
    const { groups } = (await ask('group-list', jane)).body as { groups: { id: string; teamId: string }[] };
    expect(groups.find((group) => group.id === groupId)?.teamId).toBe(id);
  });

  it('cannot be left or deleted, and its role stays', async () => {
    const teamId = personalTeamOf(jane.accountId);
    const refused = { status: 409, body: { code: 'PERSONAL_TEAM', detail: 'This is a personal team.' } };
    const { accountId } = jane;
    await expect(call('team-leave', jane, { teamId })).resolves.toMatchObject(refused);
    await expect(call('team-delete', jane, { teamId })).resolves.toMatchObject(refused);
    await expect(call('team-member-remove', jane, { teamId, accountId })).resolves.toMatchObject(refused);
    await expect(setRole(jane, teamId, jane, 'member')).resolves.toMatchObject(refused);
  });

  it('is nobody else’s to see or to fill', async () => {
    const teamId = personalTeamOf(jane.accountId);
    await expect(ask('team-members', bob, { teamId })).resolves.toMatchObject(notInTeam);
    const body = { name: 'x', encSymmetricKey: wrappedKey(), teamId };
    await expect(call('group-create', bob, body)).resolves.toMatchObject(notInTeam);
  });

  it('goes with a sign-up that gave way to a newer one', async () => {
    const { signUpBody, email } = await makePerson('bob');
    await stack.call('account-create', { body: signUpBody });
    await stack.call('account-create', { body: (await makePerson('bob', undefined, email)).signUpBody });
    const everybody = await stack.platform.database.list({ collection: teams, where: [['personal', '==', true]] });
    expect(everybody).toHaveLength(3);
  });
});

describe('team-create, team-list and team-update', () => {
  it('make a team whose creator is its admin, list it after the personal one, and rename it', async () => {
    const created = await call('team-create', jane, { name: 'Zebra' });
    expect(created).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^team_[0-9a-f]{32}$/),
        name: 'Zebra',
        personal: false,
        role: 'admin',
        members: 1,
      },
    });
    const { id: teamId } = created.body as { id: string };
    await expect(call('team-update', jane, { teamId, name: 'Aurora' })).resolves.toMatchObject({
      status: 200,
      body: { id: teamId, name: 'Aurora' },
    });
    const { body } = await ask('team-list', jane);
    expect(body).toMatchObject({ teams: [{ personal: true }, { id: teamId, name: 'Aurora' }] });
    const audit = await ask('audit-list', jane);
    expect(audit.body).toMatchObject({ events: [{ event: 'team-created' }] });
  });

  it('are for members, and renaming for admins', async () => {
    const teamId = await newTeam(stack, jane);
    await expect(call('team-update', bob, { teamId, name: 'Mine' })).resolves.toMatchObject(notInTeam);
    await joinTeam(stack, teamId, bob);
    await expect(call('team-update', bob, { teamId, name: 'Mine' })).resolves.toMatchObject(requiresAdmin);
  });

  it.each([' ', '', 7])('name the name when it is %j', async (name) => {
    await expect(call('team-create', jane, { name })).resolves.toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', errors: [{ path: '/name' }] },
    });
  });

  it('stop at the number of teams an account may be in', async () => {
    const member = await newMember(stack);
    const { database } = stack.platform;
    const { accountId } = member;
    const others = Array.from({ length: limits.accountTeams - 1 }, () => `team_${randomBytes(16).toString('hex')}`);
    const place = { accountId, role: 'member', joined: 1 } as const;
    await database.commit(others.map((teamId) => create(teamMembers(teamId).doc(accountId), { teamId, ...place })));
    await expect(call('team-create', member, { name: 'One more' })).resolves.toMatchObject({
      status: 413,
      body: { code: 'QUOTA_EXCEEDED', quota: 'accountTeams', limit: 50, used: 50, needed: 1 },
    });
  });
});

describe('team-members', () => {
  it('shows names, roles and fingerprints, to members only', async () => {
    const teamId = await newTeam(stack, jane);
    await expect(ask('team-members', bob, { teamId })).resolves.toMatchObject(notInTeam);
    await joinTeam(stack, teamId, bob);
    const fingerprint = await publicKeyFingerprint(bob.signUpBody.publicKey ?? '');
    await expect(ask('team-members', bob, { teamId })).resolves.toMatchObject({
      status: 200,
      body: {
        members: [
          { accountId: jane.accountId, email: jane.email, firstName: 'Jane', role: 'admin' },
          { accountId: bob.accountId, email: bob.email, firstName: 'Bob', role: 'member', fingerprint },
        ],
      },
    });
    const { teams: listed } = (await ask('team-list', bob)).body as { teams: { id: string }[] };
    expect(listed.find(({ id }) => id === teamId)).toMatchObject({ role: 'member', members: 2 });
  });
});

describe('team-member-role', () => {
  it('changes a role, tells both, and never leaves a team without an admin', async () => {
    const teamId = await newTeam(stack, jane);
    await joinTeam(stack, teamId, bob);
    await expect(setRole(bob, teamId, bob, 'admin')).resolves.toMatchObject(requiresAdmin);
    const last = { code: 'LAST_TEAM_ADMIN', detail: 'That account is the only admin of the team.' };
    await expect(setRole(jane, teamId, jane, 'member')).resolves.toMatchObject({ status: 409, body: last });
    const raised = { status: 200, body: { accountId: bob.accountId, role: 'admin' } };
    await expect(setRole(jane, teamId, bob, 'admin')).resolves.toMatchObject(raised);
    await expect(setRole(bob, teamId, jane, 'member')).resolves.toMatchObject({ status: 200 });
    await expect(setRole(jane, teamId, bob, 'member')).resolves.toMatchObject(requiresAdmin);
    const { events } = (await ask('audit-list', bob)).body as { events: { event: string; sessionId: string | null }[] };
    expect(events.map(({ event }) => event)).toEqual(['team-role-changed', 'team-role-changed']);
    // What others did bears no session of theirs.
    expect(events.map(({ sessionId }) => sessionId === null)).toEqual([false, true]);
  });

  it('names who is not in the team', async () => {
    const teamId = await newTeam(stack, jane);
    await expect(setRole(jane, teamId, bob, 'admin')).resolves.toMatchObject({
      status: 404,
      body: { code: 'MEMBER_NOT_FOUND', accountId: bob.accountId },
    });
  });

  it('lets one of two admins win who demote each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const teamId = await newTeam(stack, jane);
      await joinTeam(stack, teamId, bob, 'admin');
      const answers = await Promise.all([setRole(jane, teamId, bob, 'member'), setRole(bob, teamId, jane, 'member')]);
      const [won, lost] = answers.map(({ status }) => status).sort();
      expect(won).toBe(200);
      // Whether the other was demoted before it was asked, or between two of its reads.
      expect([403, 409]).toContain(lost);
      const where = [['role', '==', 'admin']] as const;
      expect(await stack.platform.database.list({ collection: teamMembers(teamId), where })).toHaveLength(1);
    }
  });
});

describe('groups of a team', () => {
  it('are made by any member, and counted up to the limit', async () => {
    const teamId = await newTeam(stack, jane);
    await joinTeam(stack, teamId, bob);
    const created = await call('group-create', bob, { name: 'Shop', encSymmetricKey: wrappedKey(), teamId });
    expect(created).toMatchObject({ status: 201, body: { teamId, role: 'admin' } });
    const { database } = stack.platform;
    const [team] = await database.get(teams.doc(teamId));
    if (team === undefined) throw new Error('The team is not there.');
    expect(team.data.groups).toBe(1);
    await database.commit([update(team, { groups: limits.teamGroups })]);
    const more = { name: 'More', encSymmetricKey: wrappedKey(), teamId };
    await expect(call('group-create', bob, more)).resolves.toMatchObject({
      status: 413,
      body: { code: 'QUOTA_EXCEEDED', quota: 'teamGroups', limit: 100, used: 100, needed: 1 },
    });
  });

  it('obey a team admin who has a key, and no other member', async () => {
    const teamId = await newTeam(stack, jane);
    await joinTeam(stack, teamId, bob);
    const groupId = await newTeamGroup(stack, jane, teamId);
    const { accountId } = bob;
    const link = { groupId, accountId, role: 'editor', encSymmetricKey: wrappedKey(), keyEpoch: 1 };
    await expect(call('link-create', jane, link)).resolves.toMatchObject({ status: 201 });
    const rename = { groupId, name: 'By Bob' };
    const refused = { status: 403, body: { code: 'ROLE_REQUIRED', required: 'admin', role: 'editor' } };
    await expect(call('group-update', bob, rename)).resolves.toMatchObject(refused);
    await setRole(jane, teamId, bob, 'admin');
    await expect(call('group-update', bob, rename)).resolves.toMatchObject({ status: 200 });
  });
});

describe('team-delete', () => {
  it('waits for the groups to be deleted, then takes the team, and deleted groups stay so', async () => {
    const teamId = await newTeam(stack, jane);
    await joinTeam(stack, teamId, bob);
    const groupId = await newTeamGroup(stack, jane, teamId);
    await expect(call('team-delete', bob, { teamId })).resolves.toMatchObject(requiresAdmin);
    const inUse = { code: 'TEAM_IN_USE', detail: 'Groups that this team still has: 1.', groups: 1 };
    await expect(call('team-delete', jane, { teamId })).resolves.toMatchObject({ status: 409, body: inUse });
    await call('group-delete', jane, { groupId });
    await expect(call('team-delete', jane, { teamId })).resolves.toMatchObject({
      status: 200,
      body: { deleted: true },
    });
    await expect(ask('team-members', bob, { teamId })).resolves.toMatchObject(notInTeam);
    const { teams: listed } = (await ask('team-list', bob)).body as { teams: { id: string }[] };
    expect(listed.map(({ id }) => id)).not.toContain(teamId);
    await expect(call('group-restore', jane, { groupId })).resolves.toMatchObject({
      status: 404,
      body: { code: 'TEAM_NOT_FOUND', detail: 'The team of this group has been deleted.', groupId },
    });
  });

  it('and a group made or restored at the same moment never leave a group without its team', async () => {
    for (let round = 0; round < 5; round += 1) {
      const teamId = await newTeam(stack, jane);
      const groupId = await newTeamGroup(stack, jane, teamId);
      await call('group-delete', jane, { groupId });
      const body = { name: 'New', encSymmetricKey: wrappedKey(), teamId };
      const [deleted, created, restored] = await Promise.all([
        call('team-delete', jane, { teamId }),
        call('group-create', jane, body),
        call('group-restore', jane, { groupId }),
      ]);
      const isThere = (await stack.platform.database.get(teams.doc(teamId)))[0] !== undefined;
      expect(deleted.status).toBe(isThere ? 409 : 200);
      if (!isThere) expect([created.status, restored.status]).toEqual([404, 404]);
      else expect([created.status, restored.status]).toContain(created.status === 201 ? 201 : 200);
    }
  });

  it('makes room again when a deleted group is purged', async () => {
    const teamId = await newTeam(stack, jane);
    const groupId = await newTeamGroup(stack, jane, teamId);
    await call('group-delete', jane, { groupId });
    const count = async () => (await stack.platform.database.get(teams.doc(teamId)))[0]?.data.groups;
    expect(await count()).toBe(1);
    await later(stack, 31, 'maintenance-groups');
    expect(await count()).toBe(0);
  });
});
