import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { inviteList as wire } from '../../shared/protocol/invite.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { accounts } from '../../shared/store/accounts.ts';
import type { Filter } from '../../shared/store/database.ts';
import { type Invite, invites } from '../../shared/store/invites.ts';
import { logins } from '../../shared/store/logins.ts';
import { ownAccount } from '../account/own-account.ts';
import { membershipsOf } from '../team/memberships.ts';
import { peopleOf } from '../team/people.ts';
import { type Standing, standings } from './invite-state.ts';

type Input = (typeof wire.input)['_output'];

export const inviteList = httpFunction('invite-list', {
  GET: sessionOperation({
    summary: "Invites of the teams that the caller is an admin of, and those to the caller's verified address",
    ...wire,
    success: 200,
    handle: async (input, context) => {
      const [sent, received] = await Promise.all([listSent(input, context), listReceived(context)]);
      return { sent, received };
    },
  }),
});

async function listSent({ teamId }: Input, context: SessionContext) {
  const { database, caller } = context;
  const mine = await membershipsOf(database, caller.accountId);
  const administered = mine
    .filter(({ data }) => data.role === 'admin' && (teamId === undefined || data.teamId === teamId))
    .map(({ data }) => data.teamId);
  const found = await Promise.all(administered.map((id) => newest(['teamId', '==', id], context)));
  const all = found.flat().sort((a, b) => b.invite.data.created - a.invite.data.created);
  const accepted = all.flatMap(({ invite, state }) =>
    state === 'accepted' && invite.data.accountId !== null ? [invite.data.accountId] : [],
  );
  const people = new Map((await peopleOf(database, accepted)).map((person) => [person.accountId, person]));
  return all.map(({ invite: { id, data }, state }) => {
    const { email, role, created, expires, accountId } = data;
    const person = state === 'accepted' ? people.get(accountId ?? '') : undefined;
    const shown = { inviteId: id, teamId: data.teamId, email, role, state, created, expires };
    return { ...shown, ...(person && { accepted: person }) };
  });
}

/** Only by an address that the caller has verified, however it came to stand in the account. */
async function listReceived(context: SessionContext) {
  const { database, caller } = context;
  const emailHash = sha256Hex((await ownAccount(context)).data.email);
  const [login] = await database.get(logins.doc(emailHash));
  if (!login?.data.isVerified || login.data.accountId !== caller.accountId) return [];
  const waiting = (await newest(['emailHash', '==', emailHash], context)).filter(({ state }) => state === 'pending');
  const inviters = await database.get(...waiting.map(({ invite }) => accounts.doc(invite.data.invitedBy)));
  return waiting.flatMap(({ invite: { id, data }, team }, index) => {
    const inviter = inviters[index];
    if (team === undefined || inviter === undefined) return [];
    const { email, firstName, lastName } = inviter.data;
    const { teamId, role, created, expires } = data;
    const invitedBy = { email, firstName, lastName };
    return [{ inviteId: id, teamId, teamName: team.data.name, role, invitedBy, created, expires }];
  });
}

async function newest(which: Filter<Invite>, { database, clock }: SessionContext): Promise<Standing[]> {
  const found = await database.list({
    collection: invites,
    where: [which],
    orderBy: 'created',
    descending: true,
    limit: limits.listedInvites,
  });
  return standings(database, found, clock.now());
}
