import type { SessionContext } from '../../shared/platform/context.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import type { Stored } from '../../shared/store/database.ts';
import { type Invite, invites } from '../../shared/store/invites.ts';
import { logins } from '../../shared/store/logins.ts';
import { teamMembers } from '../../shared/store/teams.ts';

/** Which invite, as its person knows it. */
type Named = { readonly inviteId: string } | { readonly code: string };

/**
 * The invite that the caller may answer: one to an address that the caller has verified, or whose mailed code it shows.
 * @throws Problem `INVITE_NOT_FOUND`, one and the same
 */
export async function inviteForCaller(named: Named, context: SessionContext): Promise<Stored<Invite>> {
  const invite = 'code' in named ? await byCode(named.code, context) : await byAddress(named.inviteId, context);
  if (invite === undefined) throw notFound();
  return invite;
}

async function byCode(code: string, { database }: SessionContext): Promise<Stored<Invite> | undefined> {
  const where = [['codeHash', '==', sha256Hex(code)]] as const;
  const [invite] = await database.list({ collection: invites, where, limit: 1 });
  return invite;
}

async function byAddress(inviteId: string, { database, caller }: SessionContext) {
  const [invite] = await database.get(invites.doc(inviteId));
  if (invite === undefined || invite.data.accountId === caller.accountId) return invite;
  const [login] = await database.get(logins.doc(invite.data.emailHash));
  return login?.data.isVerified && login.data.accountId === caller.accountId ? invite : undefined;
}

/**
 * An invite to a team that the caller is an admin of.
 * @throws Problem `INVITE_NOT_FOUND`, whether there is none or it is of another team
 */
export async function inviteOfAdmin(inviteId: string, { database, caller }: SessionContext): Promise<Stored<Invite>> {
  const [invite] = await database.get(invites.doc(inviteId));
  const [member] = invite ? await database.get(teamMembers(invite.data.teamId).doc(caller.accountId)) : [];
  if (invite === undefined || member?.data.role !== 'admin') throw notFound();
  return invite;
}

const notFound = () => new Problem('INVITE_NOT_FOUND', 'There is no such invite, or it is not yours to answer.');
