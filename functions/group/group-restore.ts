import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { retention } from '../../shared/platform/settings.ts';
import { groupRestore as wire } from '../../shared/protocol/group.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { create, type Stored, update, type Write } from '../../shared/store/database.ts';
import { type Group, groups } from '../../shared/store/groups.ts';
import { inPersonalTeam, teams } from '../../shared/store/teams.ts';
import { claimOf } from './group-create.ts';
import { anyMembership } from './membership.ts';

export const groupRestore = httpFunction('group-restore', {
  POST: sessionOperation({
    summary: 'Bring a deleted group back, as it was',
    ...wire,
    success: 200,
    problems: [
      'GROUP_NOT_FOUND',
      'KEY_NOT_GRANTED',
      'ROLE_REQUIRED',
      'LINK_NEEDS_REKEY',
      'PARENT_IN_USE',
      'TEAM_NOT_FOUND',
    ],
    writes: true,
    handle: ({ groupId }, context) =>
      optimistic(async () => {
        const { group } = await anyMembership(context, groupId, 'admin');
        const answer = { id: groupId, name: group.data.name };
        const { deletedAt } = group.data;
        if (deletedAt === null) return context.commit(answer, []);
        if (deletedAt + retention(context.settings) <= context.clock.now()) {
          throw new Problem('GROUP_NOT_FOUND', 'The group was deleted too long ago.', { groupId, deletedAt });
        }
        const claim = await reclaimParent(group, context);
        const inTeam = await requireTeam(group, context);
        return context.commit(answer, [update(group, { deletedAt: null }), ...inTeam, ...claim]);
      }),
  }),
});

/** Writing the team keeps it from being deleted at the same moment; a personal one never is. */
async function requireTeam({ id, data }: Stored<Group>, { database }: SessionContext): Promise<Write[]> {
  const { teamId } = data;
  if (inPersonalTeam(data)) return [];
  const [team] = await database.get(teams.doc(teamId));
  if (team !== undefined) return [update(team, { memberChanges: team.data.memberChanges + 1 })];
  throw new Problem('TEAM_NOT_FOUND', 'The team of this group has been deleted.', { groupId: id, teamId });
}

/** The creator may have made another group for the same parent meanwhile: two would be twins. */
async function reclaimParent({ id, data }: Stored<Group>, { database }: SessionContext): Promise<Write[]> {
  const { parentResourceId, createdBy } = data;
  if (parentResourceId === null) return [];
  const ref = claimOf(createdBy, parentResourceId);
  const [claim] = await database.get(ref);
  if (claim === undefined) return [create(ref, { groupId: id })];
  if (claim.data.groupId === id) return [];
  const [other] = await database.get(groups.doc(claim.data.groupId));
  if (other === undefined || other.data.deletedAt !== null) return [update(claim, { groupId: id })];
  throw new Problem('PARENT_IN_USE', 'There is another group for the same parent resource.', { existing: other.id });
}
