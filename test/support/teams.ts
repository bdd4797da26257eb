import type { TeamRole } from '../../shared/protocol/team.ts';
import { create, update } from '../../shared/store/database.ts';
import { teamMembers, teams } from '../../shared/store/teams.ts';
import { type Member, wrappedKey } from './people.ts';
import type { TestStack } from './stack.ts';

/** A fresh team of this member's. */
export async function newTeam(stack: TestStack, { token }: Pick<Member, 'token'>, name = 'Harbour'): Promise<string> {
  const answer = await stack.call('team-create', { token, body: { name } });
  if (answer.status !== 201) throw new Error(`no team: ${answer.text}`);
  return (answer.body as { id: string }).id;
}

/** Puts somebody into a team as an accepted and confirmed invite leaves them: what invites do is tested elsewhere. */
export async function joinTeam(
  { platform: { database } }: TestStack,
  teamId: string,
  { accountId }: Pick<Member, 'accountId'>,
  role: TeamRole = 'member',
): Promise<void> {
  const [team] = await database.get(teams.doc(teamId));
  if (team === undefined) throw new Error(`There is no team ${teamId}.`);
  const { members, memberChanges } = team.data;
  await database.commit([
    update(team, { members: members + 1, memberChanges: memberChanges + 1 }),
    create(teamMembers(teamId).doc(accountId), { teamId, accountId, role, joined: Date.now() }),
  ]);
}

/** A fresh group in a team. */
export async function newTeamGroup(stack: TestStack, { token }: Pick<Member, 'token'>, teamId: string, name = 'Shop') {
  const body = { name, encSymmetricKey: wrappedKey(), teamId };
  const answer = await stack.call('group-create', { token, body });
  if (answer.status !== 201) throw new Error(`no group: ${answer.text}`);
  return (answer.body as { id: string }).id;
}
