import type { TeamRole } from '../../shared/protocol/team.ts';
import {
  acceptInvite,
  confirmInvite,
  declineInvite,
  invite,
  listInvites,
  type NamedInvite,
  revokeInvite,
  type SentInvite,
} from '../invite.ts';
import type { Compare } from '../team.ts';
import type { Context, Until } from './context.ts';
import type { Group } from './group.ts';

/** Invites into teams: those one has sent, and those that wait for oneself. */
export class Invites {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Invites an address, whether it has an account or not: the answer does not tell. Again sends another mail.
   * @returns the invite's id
   * @throws {CallFailed} `MEMBER_EXISTS`, `ROLE_REQUIRED`, `PERSONAL_TEAM`, `RATE_LIMITED`
   */
  send(teamId: string, email: string, role: TeamRole = 'member', until: Until = {}): Promise<string> {
    return invite(this.#context.session(until), teamId, email, role);
  }

  list(until: Until = {}) {
    return listInvites(this.#context.session(until));
  }

  /** Joins the team; keys come when an admin confirms. @throws {CallFailed} `INVITE_OVER`, `INVITE_NOT_FOUND` */
  accept(named: NamedInvite, until: Until = {}) {
    return acceptInvite(this.#context.session(until), named);
  }

  /** @throws {CallFailed} `INVITE_OVER`, `INVITE_NOT_FOUND` */
  async decline(named: NamedInvite, until: Until = {}): Promise<void> {
    await declineInvite(this.#context.session(until), named);
  }

  /** @throws {CallFailed} `MEMBER_EXISTS`, `INVITE_OVER`, `INVITE_NOT_FOUND` */
  async revoke(inviteId: string, until: Until = {}): Promise<void> {
    await revokeInvite(this.#context.session(until), inviteId);
  }

  /**
   * Gives somebody who has accepted the keys of the team's groups.
   * @param sent an accepted one of `list().sent`
   * @param compare asked for a key not seen before: the server chose it
   * @returns the groups it still has no key to
   * @throws {PublicKeyChanged | PersonUnverified | FingerprintRefused} and nothing was given
   * @throws {CallFailed} `FINGERPRINT_MISMATCH`, `KEY_EPOCH_STALE`, `INVITE_OVER`
   */
  confirm(sent: SentInvite, groups: readonly Group[], compare?: Compare, until: Until = {}): Promise<string[]> {
    const held = groups.map((group) => group.keys);
    return confirmInvite(this.#context.session(until), sent, held, (who) => this.#context.pins.expect(who, compare));
  }
}
