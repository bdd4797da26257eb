import type { Role } from '../../../shared/protocol/fields.ts';
import type { Member } from '../../group.ts';
import { account, displayName, openGroup, type Spoken, spoken } from './vault.ts';

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

export interface MembersView {
  readonly name: string;
  readonly members: readonly MemberRow[];
  /** Somebody has left: nothing is written until the group has another key. */
  readonly rotationRequired: boolean;
}

/** Another member, with the key that the server says is theirs. */
export interface OtherMember extends Spoken {
  readonly name: string;
}

interface Share {
  readonly groupId: string;
  readonly email: string;
  readonly role: Role;
  /** The fingerprint that its owner has said is theirs. */
  readonly compared: string;
}

export const sharing = {
  async members(groupId: string): Promise<MembersView> {
    const group = await openGroup(groupId);
    const [listed, { groups }] = await Promise.all([
      group.members(),
      account().groups.check([{ group, cursor: null }]),
    ]);
    const members = listed.map((member) => ({
      accountId: member.accountId,
      email: member.email,
      name: displayName(member),
      role: member.role,
      waiting: member.state !== 'active',
      you: isYou(member),
    }));
    return { name: group.name, members, rotationRequired: groups.some(({ rotationRequired }) => rotationRequired) };
  },

  fingerprintOf: async (email: string): Promise<Spoken> => spoken(await account().fingerprintOf(email)),

  async share({ groupId, email, role, compared }: Share): Promise<void> {
    const group = await openGroup(groupId);
    await group.share(email, role, { compare: ({ fingerprint }) => fingerprint === compared });
  },

  async removeMember({ groupId, accountId }: { readonly groupId: string; readonly accountId: string }): Promise<void> {
    await (await openGroup(groupId)).revoke(accountId);
  },

  /** Whom a new key would be wrapped for, to be compared before. */
  async otherMembers(groupId: string): Promise<OtherMember[]> {
    const others = (await (await openGroup(groupId)).members()).filter((member) => !isYou(member));
    return Promise.all(
      others.map(async (member) => ({
        name: displayName(member),
        ...(await spoken(await account().fingerprintOf(member.email))),
      })),
    );
  },

  /** @param compared the fingerprints that their owners have said are theirs: with any other there is no new key */
  async rotateKey({ groupId, compared }: { readonly groupId: string; readonly compared: string[] }): Promise<void> {
    const group = await openGroup(groupId);
    await group.rotateKey({ compare: ({ fingerprint }) => compared.includes(fingerprint) });
  },
};

const isYou = ({ accountId }: Pick<Member, 'accountId'>): boolean => accountId === account().id;
