import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { linkCreate as wire } from '../../shared/protocol/group.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { type Stored, update, type Write } from '../../shared/store/database.ts';
import { type Group, links } from '../../shared/store/groups.ts';
import { inPersonalTeam, teamMembers, teams } from '../../shared/store/teams.ts';
import { membership, membershipProblems } from '../group/membership.ts';
import { grantKey, grantProblems } from './grant-key.ts';
import { linkTo } from './recipient.ts';

type Input = (typeof wire.input)['_output'];

export const linkCreate = httpFunction('link-create', {
  POST: sessionOperation({
    summary: 'Share a group: its key, wrapped by the caller to the other account, in the team or a guest',
    about: 'Only an admin of the group. In a team the other account must be a member, else it becomes a guest.',
    ...wire,
    success: 201,
    problems: [...membershipProblems, ...grantProblems, 'ACCOUNT_NOT_FOUND', 'FINGERPRINT_MISMATCH'],
    writes: true,
    bodyBytes: limits.keysBodyBytes,
    handle: (input, context) => optimistic(() => share(input, context)),
  }),
});

async function share(input: Input, context: SessionContext) {
  const { groupId, accountId, role, keyEpoch } = input;
  const linkRef = links(groupId).doc(accountId);
  const { group, link, found } = await membership(context, groupId, 'admin', accounts.doc(accountId), linkRef);
  const [account, existing] = found;
  if (account === undefined) throw new Problem('ACCOUNT_NOT_FOUND', 'There is no such account.', { accountId });
  const linked = await linkTo(account, input.publicKeyFingerprint);
  const granted = grantKey({ group, link }, existing, { ...input, path: '' }, context.clock.now());
  const guarded = await whileInTeam(group, accountId, context);
  return context.commit({ accountId, role, keyEpoch, state: 'active' as const }, [linked, ...granted, ...guarded]);
}

/** Writing the team keeps whoever is taken out of it at the same moment from coming out of that with a key. */
async function whileInTeam({ data }: Stored<Group>, accountId: string, { database }: SessionContext): Promise<Write[]> {
  if (inPersonalTeam(data)) return [];
  const { teamId } = data;
  const [team, member] = await database.get(teams.doc(teamId), teamMembers(teamId).doc(accountId));
  if (team === undefined || member === undefined) return [];
  return [update(team, { memberChanges: team.data.memberChanges + 1 })];
}
