import type { Context } from '../../shared/platform/context.ts';
import type { GroupChoice } from '../../shared/protocol/leaving.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { increment, remove, type Stored, update, type Write } from '../../shared/store/database.ts';
import { type Group, groups, type Link } from '../../shared/store/groups.ts';
import { inPersonalTeam, teams } from '../../shared/store/teams.ts';
import { type Standing, standings } from '../group/grantors.ts';
import { linksOf } from '../group/links-of.ts';
import { memberLeft } from '../group/remove-member.ts';
import { releaseClaim } from '../maintenance/maintenance-groups.ts';

interface Place {
  readonly group: Stored<Group>;
  readonly link: Stored<Link>;
  /** The other members. */
  readonly others: readonly Standing[];
}

/** What becomes of one group, or that nobody has said it yet. */
type Fate = Place &
  ({ readonly kind: 'left' | 'deleted' | 'undecided' } | { readonly kind: 'transferred'; readonly heir: Standing });

/**
 * What the deletion of an account does to its groups. One that keeps an admin, and somebody who can open it, is just
 * left; of every other the caller must have said what becomes of it. Each group that goes on is written, so that no
 * admin of it can leave at the same moment unseen.
 * @throws Problem `GROUPS_NEED_CHOICE`
 */
export async function groupFates(accountId: string, choices: readonly GroupChoice[], context: Context) {
  const { database } = context;
  const mine = await linksOf(database, accountId);
  const found = await database.get(...mine.map(({ data }) => groups.doc(data.groupId)));
  const chosen = new Map(choices.map((choice) => [choice.groupId, choice]));
  const fates = await Promise.all(
    mine.map((link, index) => {
      const group = found[index];
      return group === undefined ? undefined : fateOf(group, link, chosen.get(group.id), context);
    }),
  );
  const known = fates.filter((fate) => fate !== undefined);
  const undecided = known.filter((fate) => fate.kind === 'undecided');
  if (undecided.length > 0) throw await needChoice(undecided, chosen, context);
  const count = (kind: Fate['kind']) => known.filter((fate) => fate.kind === kind).length;
  const groupIds = mine.map(({ data }) => data.groupId);
  const doomedGroupIds = known.filter(({ kind }) => kind === 'deleted').map(({ group }) => group.id);
  return {
    groups: { groupIds, doomedGroupIds },
    counts: {
      groupsDeleted: count('deleted'),
      groupsTransferred: count('transferred'),
      groupsLeft: count('left'),
    },
    writes: (await Promise.all(known.map((fate) => writesOf(fate, context)))).flat(),
  };
}

async function fateOf(
  group: Stored<Group>,
  link: Stored<Link>,
  choice: GroupChoice | undefined,
  { database }: Context,
): Promise<Fate> {
  const others = (await standings(database, group)).filter(({ id }) => id !== link.id);
  const place = { group, link, others };
  const { deletedAt, lost } = group.data;
  // Of a lost group there is nobody who can open it, before and after: who rules it is all that counts.
  const opens = ({ data }: Standing) => lost || data.state === 'active';
  const isRuled = others.some(({ data }) => data.role === 'admin') && others.some(opens);
  if (isRuled || (link.data.role !== 'admin' && others.length > 0)) return { kind: 'left', ...place };
  // Deleted already, and nobody else could bring it back.
  if (deletedAt !== null || choice?.action === 'delete') return { kind: 'deleted', ...place };
  const heir = choice && others.find((other) => other.id === choice.to && opens(other));
  return heir === undefined ? { kind: 'undecided', ...place } : { kind: 'transferred', heir, ...place };
}

async function writesOf(fate: Fate, context: Context): Promise<Write[]> {
  const { group, link, others } = fate;
  if (fate.kind === 'deleted') {
    return [remove(group), remove(link), ...(await oneLessOf(group, context)), ...(await releaseClaim(group, context))];
  }
  const heir = fate.kind === 'transferred' ? [update(fate.heir, { role: 'admin' })] : [];
  const lost = !others.some(({ data }) => data.state === 'active');
  return [memberLeft(group, { lost }), remove(link), ...heir];
}

/** A shared team counts its groups, and maintenance-groups will not see this one. The team may be gone before its group. */
async function oneLessOf({ data }: Stored<Group>, { database }: Context): Promise<Write[]> {
  if (inPersonalTeam(data)) return [];
  const ref = teams.doc(data.teamId);
  const [team] = await database.get(ref);
  return team === undefined ? [] : [increment(ref, 'groups', -1, {})];
}

/** The refusal lists what a client needs to ask its user: the groups, why, and who could take them over. */
async function needChoice(
  undecided: readonly Fate[],
  chosen: ReadonlyMap<string, GroupChoice>,
  { database }: Context,
): Promise<Problem> {
  const listed = undecided.slice(0, limits.departingGroupsListed);
  const ids = [...new Set(listed.flatMap(({ others }) => others.map(({ id }) => id)))];
  const people = new Map(
    (await database.get(...ids.map((id) => accounts.doc(id)))).map((found) => [found?.id, found?.data]),
  );
  const described = listed.map(({ group, others }) => ({
    groupId: group.id,
    name: group.data.name,
    reason: chosen.has(group.id) ? 'not-transferable' : 'no-choice',
    members: others.map(({ id, data: { role, state } }) => {
      const { email = null, firstName = null, lastName = null } = people.get(id) ?? {};
      return { accountId: id, email, firstName, lastName, role, state };
    }),
  }));
  const detail = `Of ${undecided.length} of your groups nobody else is an admin: say of each whether it is deleted, or transferred to a member whose link is active.`;
  return new Problem('GROUPS_NEED_CHOICE', detail, { groups: described, more: undecided.length > listed.length });
}
