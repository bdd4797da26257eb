import { audit } from '../../shared/platform/audit.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { teamCreate as wire } from '../../shared/protocol/team.ts';
import { create } from '../../shared/store/database.ts';
import { teamMembers, teams } from '../../shared/store/teams.ts';
import { requireFewTeams } from './memberships.ts';

export const teamCreate = httpFunction('team-create', {
  POST: sessionOperation({
    summary: 'Create a team; the caller becomes its admin',
    ...wire,
    success: 201,
    problems: ['QUOTA_EXCEEDED'],
    rules: [rateRules.teamCreateByAccount],
    writes: true,
    handle: async ({ name }, context) => {
      const { caller, clock, random, database } = context;
      await requireFewTeams(database, caller.accountId);
      const id = `team_${Buffer.from(random(16)).toString('hex')}`;
      const { accountId } = caller;
      const created = clock.now();
      const role = 'admin' as const;
      const team = { name, personal: false, created, members: 1 };
      return context.commit({ id, ...team, role }, [
        create(teams.doc(id), { ...team, createdBy: accountId, groups: 0, memberChanges: 0 }),
        create(teamMembers(id).doc(accountId), { teamId: id, accountId, role, joined: created }),
        audit(context, accountId, 'team-created'),
      ]);
    },
  }),
});
