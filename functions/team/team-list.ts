import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { teamList as wire } from '../../shared/protocol/team.ts';
import { teams } from '../../shared/store/teams.ts';
import { byName } from '../group/by-name.ts';
import { membershipsOf } from './memberships.ts';

export const teamList = httpFunction('team-list', {
  GET: sessionOperation({
    summary: "The caller's teams, the personal one first",
    ...wire,
    success: 200,
    handle: async (_input, { caller, database }) => {
      const mine = await membershipsOf(database, caller.accountId);
      const found = await database.get(...mine.map(({ data }) => teams.doc(data.teamId)));
      const listed = mine.flatMap(({ data: { role } }, index) => {
        const team = found[index];
        if (team === undefined) return [];
        const { name, personal, members, created } = team.data;
        return [{ id: team.id, name, personal, role, members, created }];
      });
      return {
        teams: listed.sort((a, b) => Number(b.personal) - Number(a.personal) || byName(a, b)),
      };
    },
  }),
});
