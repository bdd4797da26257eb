import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { teamMembersList as wire } from '../../shared/protocol/team.ts';
import { teamMembers as membersOf } from '../../shared/store/teams.ts';
import { peopleOf } from './people.ts';
import { teamMembership, teamMembershipProblems } from './team-membership.ts';

export const teamMembers = httpFunction('team-members', {
  GET: sessionOperation({
    summary: 'The members of a team, for its members',
    ...wire,
    success: 200,
    problems: [...teamMembershipProblems],
    handle: async ({ teamId }, context) => {
      const { database } = context;
      await teamMembership(context, teamId, 'member');
      const listed = await database.list({ collection: membersOf(teamId), where: [], orderBy: 'joined' });
      const people = await peopleOf(
        database,
        listed.map(({ id }) => id),
      );
      const byId = new Map(people.map((person) => [person.accountId, person]));
      return {
        members: listed.flatMap(({ id, data: { role, joined } }) => {
          const person = byId.get(id);
          if (person === undefined) return [];
          const { publicKey: _ofNoUseHere, ...shown } = person;
          return [{ ...shown, role, joined }];
        }),
      };
    },
  }),
});
