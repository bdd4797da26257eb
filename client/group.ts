import type * as z from 'zod';
import { type AesKeyJwk, createAesKey } from '../shared/crypto/aes-key.ts';
import { publicKeyFingerprint } from '../shared/crypto/fingerprint.ts';
import { unwrapGroupKey, wrapGroupKey } from '../shared/crypto/group-key.ts';
import { type PublicKeyJwk, parsePublicKey } from '../shared/crypto/rsa-key.ts';
import { publicKeyGet } from '../shared/protocol/account.ts';
import type { Role } from '../shared/protocol/fields.ts';
import {
  groupCreate,
  groupList,
  groupRotateKey,
  linkCreate,
  linkKeys,
  linkList,
  linkRevoke,
} from '../shared/protocol/group.ts';
import { GroupKeyMissing } from './failures.ts';
import type { Session } from './log-in.ts';
import { AnswerContradictory } from './refusals.ts';

/** A group whose key is open here. Immutable: sharing changes nothing in it, rotating gives a new one. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly role: Role;
  /** Epoch of the key that new content is encrypted with. */
  readonly keyEpoch: number;
  /** Group keys by epoch: the newest, and those of earlier epochs that were wrapped to this account. */
  readonly keys: ReadonlyMap<number, AesKeyJwk>;
}

/** Somebody to share with. */
export interface Recipient {
  readonly accountId: string;
  readonly publicKey: PublicKeyJwk;
  /** Made here from the key. Compare it with its owner over another channel before sharing: the server chose the key. */
  readonly fingerprint: string;
}

/** A group key as the wire carries it. */
type WrappedKey = z.output<typeof linkKeys.output>['keys'][number];

export type Member = z.output<typeof linkList.output>['links'][number];

/**
 * A new group with a fresh key, its creator the admin.
 * @param teamId a team of the creator's; the personal one unless given
 * @throws {CallFailed} `TEAM_NOT_FOUND`, `QUOTA_EXCEEDED`
 * @throws {AnswerContradictory} when a new group is said to have another key than the one made for it
 */
export async function createGroup({ connection, keys }: Session, name: string, teamId?: string): Promise<Group> {
  const key = await createAesKey();
  const encSymmetricKey = await wrapGroupKey(key, keys.publicKey);
  const made = await connection.post('group-create', groupCreate, { name, encSymmetricKey, teamId });
  const { id, role, keyEpoch } = made;
  if (keyEpoch !== 1 || made.existing || made.encSymmetricKey !== encSymmetricKey) {
    throw new AnswerContradictory('group-create', 'a new group has the key that was made for it, at epoch 1');
  }
  return { id, name, teamId: made.teamId, role, keyEpoch, keys: new Map([[keyEpoch, key]]) };
}

/** A group of the list that this account has a key to. */
export type ListedGroup = Extract<
  z.output<typeof groupList.output>['groups'][number],
  { linkState: 'active' | 'needs-rekey' }
>;

/**
 * The groups this account has a key to. Those that wait for somebody to wrap a key are left out.
 * @throws {KeyUnwrapFailed} when a key was wrapped for somebody else
 */
export async function listGroups(session: Session): Promise<Group[]> {
  const { groups } = await session.connection.get('group-list', groupList, {});
  const active = groups.flatMap((group) => (group.linkState === 'active' ? [group] : []));
  return Promise.all(active.map((group) => openListed(session, group)));
}

/** @throws {KeyUnwrapFailed} when a key was wrapped for somebody else */
export async function openListed(session: Session, listed: ListedGroup): Promise<Group> {
  const { id, name, teamId, role, keyEpoch, encSymmetricKey } = listed;
  const wrapped = keyEpoch === 1 ? [{ keyEpoch, encSymmetricKey }] : await wrappedKeys(session, id);
  return { id, name, teamId, role, keyEpoch, keys: await openKeys(wrapped, session) };
}

async function wrappedKeys({ connection }: Session, groupId: string): Promise<WrappedKey[]> {
  return (await connection.get('link-keys', linkKeys, { groupId })).keys;
}

async function openKeys(wrapped: readonly WrappedKey[], { keys: { privateKey } }: Session) {
  const open = wrapped.map(
    async ({ keyEpoch, encSymmetricKey }) => [keyEpoch, await unwrapGroupKey(encSymmetricKey, privateKey)] as const,
  );
  return new Map(await Promise.all(open));
}

/**
 * The key of the account with this address, to look at before sharing.
 * @throws {CallFailed} `ACCOUNT_NOT_FOUND`, `RATE_LIMITED`
 * @throws {KeyMalformed} when the server gives something that is no key
 */
export async function findRecipient({ connection }: Session, email: string): Promise<Recipient> {
  const { accountId, publicKey } = await connection.post('public-key-get', publicKeyGet, { email });
  return { accountId, publicKey: parsePublicKey(publicKey), fingerprint: await publicKeyFingerprint(publicKey) };
}

/**
 * Wraps the group's keys to somebody whose fingerprint has been checked, earlier ones too: what was written under them
 * is to be read as well.
 * @throws {CallFailed} `LINK_EXISTS`, `KEY_EPOCH_STALE`, `ROLE_REQUIRED`, `FINGERPRINT_MISMATCH`
 */
export async function share(session: Session, group: Group, recipient: Recipient, role: Role): Promise<void> {
  const link = {
    groupId: group.id,
    accountId: recipient.accountId,
    role,
    publicKeyFingerprint: recipient.fingerprint,
    ...(await wrapKeys(group, recipient.publicKey)),
  };
  await session.connection.post('link-create', linkCreate, link);
}

/**
 * All keys of a group, wrapped to one public key: the present one, and those of earlier epochs beside it.
 * @throws {GroupKeyMissing}
 */
export async function wrapKeys(group: Group, publicKey: PublicKeyJwk) {
  const { keyEpoch } = group;
  const wrap = async ([epoch, key]: readonly [number, AesKeyJwk]) => ({
    keyEpoch: epoch,
    encSymmetricKey: await wrapGroupKey(key, publicKey),
  });
  const { encSymmetricKey } = await wrap([keyEpoch, keyOf(group, keyEpoch)]);
  const earlier = [...group.keys].filter(([epoch]) => epoch < keyEpoch);
  return { keyEpoch, encSymmetricKey, oldKeys: await Promise.all(earlier.map(wrap)) };
}

/** Everybody who has a link to the group, as the server says. */
export async function listMembers({ connection }: Session, group: Group): Promise<Member[]> {
  return (await connection.get('link-list', linkList, { groupId: group.id })).links;
}

/**
 * Takes somebody's link away. What they have read they have read; nothing is written until the key is rotated.
 * @throws {CallFailed} `LAST_ADMIN`, `LINK_NOT_FOUND`, `ROLE_REQUIRED`
 */
export async function revoke({ connection }: Session, group: Group, accountId: string): Promise<void> {
  await connection.post('link-revoke', linkRevoke, { groupId: group.id, accountId });
}

/**
 * Gives the group a fresh key. What is written from now on is under it; what is there stays under the key it was
 * written with, and readable to members. Whoever pushes it again moves it under the new one.
 * @param others every other member; their keys are the caller's word, not the server's
 * @throws {CallFailed} `MEMBERSHIP_CHANGED` when `others` is not exactly the others, `KEY_EPOCH_STALE`
 */
export async function rotateKey(session: Session, group: Group, others: readonly Recipient[]): Promise<Group> {
  const { connection, account, keys } = session;
  const key = await createAesKey();
  const members = [{ accountId: account.accountId, publicKey: keys.publicKey }, ...others];
  const links = await Promise.all(
    members.map(async ({ accountId, publicKey }) => ({
      accountId,
      encSymmetricKey: await wrapGroupKey(key, publicKey),
    })),
  );
  const wanted = { groupId: group.id, baseKeyEpoch: group.keyEpoch, links };
  const { keyEpoch } = await connection.post('group-rotate-key', groupRotateKey, wanted);
  if (keyEpoch !== group.keyEpoch + 1) {
    throw new AnswerContradictory('group-rotate-key', `epoch ${keyEpoch} does not follow ${group.keyEpoch}`);
  }
  return { ...group, keyEpoch, keys: new Map([...group.keys, [keyEpoch, key]]) };
}

/** @throws {GroupKeyMissing} */
export function keyOf({ id, keys }: Group, keyEpoch: number): AesKeyJwk {
  const key = keys.get(keyEpoch);
  if (key === undefined) throw new GroupKeyMissing(id, keyEpoch);
  return key;
}
