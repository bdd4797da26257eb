import type { Role } from '../../../shared/protocol/fields.ts';
import { account, fullName, openGroup, type Spoken, spoken } from './vault.ts';

/** A member of a group. The fingerprint is looked up when it is asked for: the server counts look-ups. */
export interface MemberRow {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Has reset the passphrase and has no key until somebody grants it. */
  readonly waiting: boolean;
  readonly you: boolean;
}

interface Share {
  readonly groupId: string;
  readonly email: string;
  readonly role: Role;
  /** The fingerprint that its owner has said is theirs. */
  readonly compared: string;
}

export const sharing = {
  async members(groupId: string): Promise<{ readonly name: string; readonly members: MemberRow[] }> {
    const group = await openGroup(groupId);
    const members = (await group.members()).map((member) => ({
      email: member.email,
      name: fullName(member) || member.email,
      role: member.role,
      waiting: member.state !== 'active',
      you: member.accountId === account().id,
    }));
    return { name: group.name, members };
  },

  fingerprintOf: async (email: string): Promise<Spoken> => spoken(await account().fingerprintOf(email)),

  async share({ groupId, email, role, compared }: Share): Promise<void> {
    const group = await openGroup(groupId);
    await group.share(email, role, { compare: ({ fingerprint }) => fingerprint === compared });
  },
};
