import { sha256Hex } from '../../shared/platform/hash.ts';
import { remove, type Stored, update, type Write } from '../../shared/store/database.ts';
import { type Invite, invites } from '../../shared/store/invites.ts';
import { allTeamMembers, type Team, type TeamMember, teamMembers, teams } from '../../shared/store/teams.ts';
import { mineEverywhere, type Owner, type Pages, type Store } from './holding.ts';
import { paged } from './paged.ts';

/** An account's place in each of its teams. */
export const membershipsOf = mineEverywhere(allTeamMembers);

/** To its addresses, by it, and accepted by it. */
export async function* invitesOf({ accountId, emails }: Owner, { database }: Store): Pages<Invite> {
  const found = [
    ...emails.map((email) => ['emailHash', '==', sha256Hex(email)] as const),
    ['invitedBy', '==', accountId] as const,
    ['accountId', '==', accountId] as const,
  ];
  const seen = new Set<string>();
  for (const filter of found) {
    for await (const page of paged(database, { collection: invites, where: [filter] })) {
      yield page.filter(({ id }) => !seen.has(id));
      for (const { id } of page) seen.add(id);
    }
  }
}

/** A team goes with its last member. Where no admin would be left, who has been in it longest becomes one. */
export async function leaveTeams(rows: readonly Stored<TeamMember>[], _owner: Owner, { database }: Store) {
  const found = await database.get(...rows.map(({ data }) => teams.doc(data.teamId)));
  const writes = rows.map(async (member, index): Promise<Write[]> => {
    const team = found[index];
    if (team === undefined) return [remove(member)];
    const all = await database.list({ collection: teamMembers(team.id), where: [] });
    const others = all.filter(({ id }) => id !== member.id);
    return [remove(member), ...goOn(team, others)];
  });
  return (await Promise.all(writes)).flat();
}

function goOn(team: Stored<Team>, others: readonly Stored<TeamMember>[]): Write[] {
  const [eldest] = [...others].sort((a, b) => a.data.joined - b.data.joined);
  if (eldest === undefined) return [remove(team)];
  const { members, memberChanges } = team.data;
  const isRuled = others.some(({ data }) => data.role === 'admin');
  return [
    update(team, { members: members - 1, memberChanges: memberChanges + 1 }),
    ...(isRuled ? [] : [update(eldest, { role: 'admin' as const })]),
  ];
}
