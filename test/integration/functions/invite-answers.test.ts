import { teamMembers } from '../../../shared/store/teams.ts';
import { accepted, confirm, invited, inviteNotFound, inviteOver, listed } from '../../support/invites.ts';
import { eventsOf, type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { joinTeam, newTeam } from '../../support/teams.ts';

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

const call = (name: string, { token }: Pick<Member, 'token'>, body: object) => stack.call(name, { token, body });
describe('invite-decline and invite-revoke', () => {
  it('end an invite, each once, and tell the other side', async () => {
    const inviteId = await invited(stack, jane, teamId, bob.email);
    await expect(call('invite-decline', jane, { inviteId })).resolves.toMatchObject(inviteNotFound);
    const declined = { status: 200, body: { inviteId, state: 'declined' } };
    await expect(call('invite-decline', bob, { inviteId })).resolves.toMatchObject(declined);
    await expect(call('invite-decline', bob, { inviteId })).resolves.toMatchObject(declined);
    await expect(call('invite-revoke', jane, { inviteId })).resolves.toMatchObject(inviteOver('declined'));
    expect((await listed(stack, jane)).sent).toMatchObject([{ inviteId, state: 'declined' }]);
    expect([(await eventsOf(stack, bob))[0], (await eventsOf(stack, jane))[0]]).toEqual([
      'invite-declined',
      'invite-declined',
    ]);
  });

  it('are for the invited and for admins of the team', async () => {
    const inviteId = await invited(stack, jane, teamId, bob.email);
    await expect(call('invite-revoke', bob, { inviteId })).resolves.toMatchObject(inviteNotFound);
    await expect(call('invite-revoke', jane, { inviteId })).resolves.toMatchObject({ status: 200 });
    await expect(call('invite-revoke', jane, { inviteId })).resolves.toMatchObject({ status: 200 });
    await expect(call('invite-decline', bob, { inviteId })).resolves.toMatchObject(inviteOver('revoked'));
  });

  it('refuse what was accepted, and say what to do', async () => {
    const inviteId = await accepted(stack, jane, teamId, bob);
    await expect(call('invite-revoke', jane, { inviteId })).resolves.toMatchObject({
      status: 409,
      body: {
        code: 'MEMBER_EXISTS',
        detail: 'The invite has been accepted: team-member-remove takes its person out of the team.',
      },
    });
    await expect(call('invite-decline', bob, { inviteId })).resolves.toMatchObject(inviteOver('accepted'));
  });

  it('and accepting at the same moment: one of them happens', async () => {
    for (let round = 0; round < 5; round += 1) {
      const inviteId = await invited(stack, jane, teamId, bob.email);
      const [revoked, taken] = await Promise.all([
        call('invite-revoke', jane, { inviteId }),
        call('invite-accept', bob, { inviteId }),
      ]);
      const [member] = await stack.platform.database.get(teamMembers(teamId).doc(bob.accountId));
      expect([revoked.status, taken.status]).toEqual(member === undefined ? [200, 410] : [409, 200]);
      if (member !== undefined) await call('team-leave', bob, { teamId });
    }
  });
});

describe('invite-list', () => {
  it('shows the invites of one team, or of all the caller administers, and nobody else’s', async () => {
    const another = await newTeam(stack, jane);
    const [first, second] = [
      await invited(stack, jane, teamId, bob.email),
      await invited(stack, jane, another, bob.email),
    ];
    expect((await listed(stack, jane)).sent.map(({ inviteId }) => inviteId).sort()).toEqual([first, second].sort());
    expect((await listed(stack, jane, { teamId })).sent.map(({ inviteId }) => inviteId)).toEqual([first]);
    expect((await listed(stack, bob)).received.map(({ inviteId }) => inviteId).sort()).toEqual([first, second].sort());
    const other = await newMember(stack, 'bob');
    expect(await listed(stack, other)).toEqual({ sent: [], received: [] });
    await joinTeam(stack, teamId, other);
    expect((await listed(stack, other)).sent).toEqual([]);
  });

  it('tells of one that was accepted and left as revoked', async () => {
    const inviteId = await accepted(stack, jane, teamId, bob);
    await call('team-leave', bob, { teamId });
    expect((await listed(stack, jane)).sent).toMatchObject([{ inviteId, state: 'revoked' }]);
    await expect(confirm(stack, jane, inviteId, bob, [])).resolves.toMatchObject(inviteOver('revoked'));
  });
});
