import type { NamedInvite, ReceivedInvite, SentInvite } from '../../invite.ts';
import type { Waiting } from '../../passphrase-reset.ts';
import { account, displayName, type Spoken, spoken } from './vault.ts';

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

export const people = {
  async people(): Promise<PeopleView> {
    const [{ sent, received }, resets, teams] = await Promise.all([
      account().invites.list(),
      account().waiting(),
      account().teams.list(),
    ]);
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
    const { id } = 'id' in to ? to : await account().teams.create(to.name);
    await account().invites.send(id, email);
  },

  acceptInvite: (named: NamedInvite) => account().invites.accept(named),

  declineInvite: (named: NamedInvite) => account().invites.decline(named),

  revokeInvite: (inviteId: string) => account().invites.revoke(inviteId),

  /**
   * Gives keys to somebody of `people().waiting`.
   * @param compared the fingerprint that they have said is theirs: another key is given nothing
   */
  async letIn({ id, kind, compared }: Pick<WaitingRow, 'id' | 'kind'> & { readonly compared: string }): Promise<void> {
    const groups = await account().groups.list({ onRefused: () => {} });
    const sent = kind === 'invite' && (await account().invites.list()).sent.find(({ inviteId }) => inviteId === id);
    if (sent) {
      await account().invites.confirm(sent, groups, ({ fingerprint }) => fingerprint === compared);
      return;
    }
    const isThem = ({ accountId, fingerprint }: { accountId: string; fingerprint: string }) =>
      accountId === id && fingerprint === compared;
    if ((await account().readmit(groups, isThem)) === 0) throw new NobodyWaits();
  },
};

/** Whoever was shown waits no more, or with another key. */
class NobodyWaits extends Error {
  readonly code = 'REKEY_NOT_NEEDED';

  constructor() {
    super('Nobody waits with this key any more.');
  }
}

const asReceived = ({ inviteId, teamName, invitedBy }: ReceivedInvite) => ({
  inviteId,
  teamName,
  inviter: displayName(invitedBy),
  inviterEmail: invitedBy.email,
});

function acceptedRows(sent: readonly SentInvite[], teamName: (id: string) => string): Promise<WaitingRow>[] {
  return sent.flatMap(({ inviteId, state, accepted, teamId }) => {
    if (state !== 'accepted' || accepted === undefined) return [];
    const { email, fingerprint } = accepted;
    const row = {
      id: inviteId,
      name: displayName(accepted),
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
    const row = { id, name: displayName(first), email: first.email, kind: 'reset', of } as const;
    return [spoken(first.fingerprint).then((words) => ({ ...row, ...words }))];
  });
}
