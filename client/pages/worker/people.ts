import {
  acceptInvite,
  confirmInvite,
  declineInvite,
  invite,
  listInvites,
  type NamedInvite,
  type ReceivedInvite,
  revokeInvite,
  type SentInvite,
} from '../../invite.ts';
import { listWaiting, readmit, type Waiting } from '../../passphrase-reset.ts';
import { createTeam, listTeams } from '../../team.ts';
import { fullName } from './reading.ts';
import { NotCompared } from './sharing.ts';
import { openGroups, type Spoken, session, spoken } from './vault.ts';

/** Somebody who waits for keys, with the fingerprint to compare with them first. */
export interface WaitingRow extends Spoken {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** An invite was accepted, or a passphrase was reset. */
  readonly kind: 'invite' | 'reset';
  /** The team, or the groups. */
  readonly of: string;
}

export interface PeopleView {
  readonly waiting: readonly WaitingRow[];
  readonly received: readonly { inviteId: string; teamName: string; inviter: string; inviterEmail: string }[];
  readonly sent: readonly { inviteId: string; email: string; teamName: string; expires: number }[];
  /** Those one may invite to. */
  readonly teams: readonly { id: string; name: string }[];
}

/** As they were shown: only what was compared is given keys. */
let shown: { readonly invites: readonly SentInvite[]; readonly resets: readonly Waiting[] } = {
  invites: [],
  resets: [],
};

export const people = {
  async people(): Promise<PeopleView> {
    const [{ sent, received }, resets, teams] = await Promise.all([
      listInvites(session()),
      listWaiting(session()),
      listTeams(session()),
    ]);
    shown = { invites: sent, resets };
    const teamName = (id: string) => teams.find((team) => team.id === id)?.name ?? '';
    return {
      waiting: await Promise.all([...acceptedRows(sent, teamName), ...resetRows(resets)]),
      received: received.map(asReceived),
      sent: sent
        .filter(({ state }) => state === 'pending')
        .map(({ inviteId, email, teamId, expires }) => ({ inviteId, email, teamName: teamName(teamId), expires })),
      teams: teams.filter(({ role, personal }) => role === 'admin' && !personal).map(({ id, name }) => ({ id, name })),
    };
  },

  /** @param to a team's id, or the name of a new one */
  async invite({
    email,
    to,
  }: {
    readonly email: string;
    readonly to: { id: string } | { name: string };
  }): Promise<void> {
    const { id } = 'id' in to ? to : await createTeam(session(), to.name);
    await invite(session(), id, email, 'member');
  },

  acceptInvite: (named: NamedInvite) => acceptInvite(session(), named),

  declineInvite: (named: NamedInvite) => declineInvite(session(), named),

  revokeInvite: (inviteId: string) => revokeInvite(session(), inviteId),

  /** Gives keys to somebody of `people().waiting`. @param compared the fingerprint that they have said is theirs */
  async letIn({ id, compared }: { readonly id: string; readonly compared: string }): Promise<void> {
    const sent = shown.invites.find(({ inviteId }) => inviteId === id);
    if (sent !== undefined) {
      await confirmInvite(session(), sent, await openGroups(true), ({ fingerprint }) => fingerprint === compared);
      return;
    }
    const waiting = shown.resets.filter(({ accountId }) => accountId === id);
    if (waiting.length === 0 || waiting.some(({ fingerprint }) => fingerprint !== compared)) throw new NotCompared();
    await readmit(session(), waiting, await openGroups(true));
  },
};

const asReceived = ({ inviteId, teamName, invitedBy }: ReceivedInvite) => ({
  inviteId,
  teamName,
  inviter: fullName(invitedBy) || invitedBy.email,
  inviterEmail: invitedBy.email,
});

function acceptedRows(sent: readonly SentInvite[], teamName: (id: string) => string): Promise<WaitingRow>[] {
  return sent.flatMap(({ inviteId, state, accepted, teamId }) => {
    if (state !== 'accepted' || accepted === undefined) return [];
    const { email, fingerprint } = accepted;
    const row = {
      id: inviteId,
      name: fullName(accepted) || email,
      email,
      kind: 'invite',
      of: teamName(teamId),
    } as const;
    return [spoken(fingerprint).then((words) => ({ ...row, ...words }))];
  });
}

function resetRows(resets: readonly Waiting[]): Promise<WaitingRow>[] {
  return [...Map.groupBy(resets, ({ accountId }) => accountId)].flatMap(([id, rows]) => {
    const [first] = rows;
    if (first === undefined) return [];
    const of = rows.map(({ groupName }) => groupName).join(', ');
    const row = { id, name: fullName(first) || first.email, email: first.email, kind: 'reset', of } as const;
    return [spoken(first.fingerprint).then((words) => ({ ...row, ...words }))];
  });
}
