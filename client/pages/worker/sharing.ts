import type { Role } from '../../../shared/protocol/fields.ts';
import { findRecipient, listMembers, type Recipient, share } from '../../group.ts';
import { fullName } from './reading.ts';
import { openGroup, ownFingerprint, type Spoken, session, spoken } from './vault.ts';

/** A member of a group. The fingerprint is looked up when it is asked for: the server counts look-ups. */
export interface MemberRow {
  readonly accountId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Has reset the passphrase and has no key until somebody grants it. */
  readonly waiting: boolean;
  readonly you: boolean;
}

/** Keys that were looked up, by address: what is shared to is what was compared. */
const found = new Map<string, Recipient>();

export const sharing = {
  async members(groupId: string): Promise<{ readonly name: string; readonly members: MemberRow[] }> {
    const group = await openGroup(groupId);
    const own = session().account.accountId;
    const members = (await listMembers(session(), group)).map((member) => ({
      accountId: member.accountId,
      email: member.email,
      name: fullName(member) || member.email,
      role: member.role,
      waiting: member.state !== 'active',
      you: member.accountId === own,
    }));
    return { name: group.name, members };
  },

  async fingerprintOf(email: string): Promise<Spoken> {
    if (email === session().account.email) return ownFingerprint();
    const recipient = await findRecipient(session(), email);
    found.set(email, recipient);
    return spoken(recipient.fingerprint);
  },

  /** @param compared the fingerprint that its owner has said to be theirs */
  async share(share_: {
    readonly groupId: string;
    readonly email: string;
    readonly role: Role;
    readonly compared: string;
  }): Promise<void> {
    const { groupId, email, role, compared } = share_;
    const recipient = found.get(email);
    if (recipient?.fingerprint !== compared) throw new NotCompared();
    await share(session(), await openGroup(groupId), recipient, role);
  },
};

/** A key would have been given to somebody whose fingerprint nobody has seen. */
export class NotCompared extends Error {
  readonly code = 'FINGERPRINT_MISMATCH';

  constructor() {
    super('That is not the key whose fingerprint was shown.');
  }
}
