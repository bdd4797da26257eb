import { accepted, confirm, invited } from '../../support/invites.ts';
import { type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { newTeam, newTeamGroup } from '../../support/teams.ts';

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

/** What one call of a function cost, as its log line says. */
async function cost(name: string, run: () => Promise<unknown>) {
  const before = stack.logs.length;
  await run();
  const line = stack.logs.slice(before).find((each) => each.function === name);
  return { reads: line?.reads, writes: line?.writes };
}

/** As docs/teams.md says. */
describe('the cost of', () => {
  it('accepting an invite: 10 reads and one for each team, 7 writes', async () => {
    const inviteId = await invited(stack, jane, teamId, bob.email);
    const accept = () => stack.call('invite-accept', { token: bob.token, body: { inviteId } });
    expect(await cost('invite-accept', accept)).toEqual({ reads: 10 + 1, writes: 7 });
  });

  it.each([1, 3])('confirming it with the keys of %i groups of four', async (given) => {
    const groupIds: string[] = [];
    for (let count = 0; count < 4; count += 1) groupIds.push(await newTeamGroup(stack, jane, teamId));
    const inviteId = await accepted(stack, jane, teamId, bob);
    const some = () => confirm(stack, jane, inviteId, bob, groupIds.slice(0, given));
    expect(await cost('invite-confirm', some)).toEqual({ reads: 9 + 2 * 4 + given, writes: 2 * given + 6 });
  });

  it('taking somebody out of four groups, two of them held', async () => {
    const groupIds: string[] = [];
    for (let count = 0; count < 4; count += 1) groupIds.push(await newTeamGroup(stack, jane, teamId));
    const inviteId = await accepted(stack, jane, teamId, bob);
    await confirm(stack, jane, inviteId, bob, groupIds.slice(0, 2));
    const { accountId } = bob;
    const remove = () => stack.call('team-member-remove', { token: jane.token, body: { teamId, accountId } });
    // Of each held group two links that go on, and no old key.
    expect(await cost('team-member-remove', remove)).toEqual({ reads: 5 + 2 * 4 + 2 * 3, writes: 2 * 2 + 4 });
  });
});
