import type { InviteState } from '../protocol/invite.ts';
import type { TeamRole } from '../protocol/team.ts';
import { collection } from './database.ts';

/** An address asked into a team. Key: SHA-256 of both, shortened, so that one address has one invite to a team. */
export interface Invite {
  readonly teamId: string;
  /** As it was invited: shown to the team's admins. */
  readonly email: string;
  /** SHA-256 of the address, the key of its login: by it an invite finds whoever has verified that address. */
  readonly emailHash: string;
  /** SHA-256 of the code in the mail. */
  readonly codeHash: string;
  /** Given when an admin confirms; until then whoever accepted is a plain member. */
  readonly role: TeamRole;
  readonly invitedBy: string;
  /** As it was last written; `expired`, and `revoked` for other reasons, are found out when it is read. */
  readonly state: Exclude<InviteState, 'expired'>;
  /** Who has accepted it. */
  readonly accountId: string | null;
  readonly created: number;
  /** Until when it can be accepted. */
  readonly expires: number;
  /** For Firestore's TTL policy: some time after it can be of use. */
  readonly expiresAt: Date;
}

export const invites = collection<Invite>('invites');
