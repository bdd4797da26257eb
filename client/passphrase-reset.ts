import type * as z from 'zod';
import { createAccountKeys, sealAccountKeys } from '../shared/crypto/account-keys.ts';
import { publicKeyFingerprint } from '../shared/crypto/fingerprint.ts';
import { parsePublicKey } from '../shared/crypto/rsa-key.ts';
import { rekeyConfirm, rekeyList } from '../shared/protocol/group.ts';
import { limits } from '../shared/protocol/limits.ts';
import { passphraseResetFinish, passphraseResetPreview, passphraseResetStart } from '../shared/protocol/passphrase.ts';
import { defaultProfile, type ProfileId } from '../shared/protocol/profiles.ts';
import type { Connection } from './connection.ts';
import { type Group, type Recipient, wrapKeys } from './group.ts';
import type { Session } from './log-in.ts';
import { createSecrets } from './secrets.ts';

/** Has a code mailed to this address. The answer is the same whether it has an account or not. */
export async function startReset(connection: Connection, email: string): Promise<void> {
  await connection.post('passphrase-reset-start', passphraseResetStart, { email });
}

/** What a reset would do to each group of an account. */
export type ResetPreview = z.output<typeof passphraseResetPreview.output>;

/**
 * What it would cost, to show before it is done: the groups that would be lost, and who can open the others again.
 * @throws {CallFailed} `TOKEN_EXPIRED`
 */
export async function previewReset(connection: Connection, token: string): Promise<ResetPreview> {
  return connection.post('passphrase-reset-preview', passphraseResetPreview, { token });
}

/**
 * Replaces a forgotten passphrase, and all keys with it: the old ones open for nobody any more. All devices are logged
 * out; the account's groups stay its own, each until somebody grants its key again.
 * @param email the preview's
 * @throws {CallFailed} `TOKEN_EXPIRED`
 */
export async function finishReset(
  connection: Connection,
  { token, email, passphrase }: { readonly token: string; readonly email: string; readonly passphrase: string },
  profile: ProfileId = defaultProfile,
) {
  const [{ secrets, encSecret }, keys] = await Promise.all([
    createSecrets({ email, passphrase }, profile),
    createAccountKeys(),
  ]);
  return connection.post('passphrase-reset-finish', passphraseResetFinish, {
    token,
    ...secrets,
    ...(await sealAccountKeys(keys, encSecret)),
  });
}

type WaitingRow = z.output<typeof rekeyList.output>['waiting'][number];

/** Somebody who waits to be let in again. The fingerprint is made here from the key: compare it before granting. */
export type Waiting = Omit<WaitingRow, 'publicKey' | 'fingerprint'> & Pick<Recipient, 'publicKey' | 'fingerprint'>;

/** The members of one's groups who have new keys. @throws {KeyMalformed} when the server gives something that is no key */
export async function listWaiting({ connection }: Session): Promise<Waiting[]> {
  const { waiting } = await connection.get('rekey-list', rekeyList, {});
  return Promise.all(
    waiting.map(async ({ publicKey, ...row }) => ({
      ...row,
      publicKey: parsePublicKey(publicKey),
      fingerprint: await publicKeyFingerprint(publicKey),
    })),
  );
}

/**
 * Grants group keys to those whose fingerprints have been checked, with the earlier keys.
 * @param groups those the waiting wait for, open here; others are left waiting
 * @returns how many were granted
 * @throws {CallFailed} `KEYS_CHANGED` when one was reset again meanwhile, `KEY_EPOCH_STALE`, `REKEY_NOT_NEEDED`
 */
export async function readmit(
  session: Session,
  waiting: readonly Waiting[],
  groups: readonly Group[],
): Promise<number> {
  const held = new Map(groups.map((group) => [group.id, group]));
  const wrapping = waiting.flatMap(({ groupId, accountId, generation, publicKey }) => {
    const group = held.get(groupId);
    if (group === undefined) return [];
    return [wrapKeys(group, publicKey).then((keys) => ({ groupId, accountId, generation, ...keys }))];
  });
  const items = await Promise.all(wrapping);
  for (let first = 0; first < items.length; first += limits.rekeyItems) {
    const some = items.slice(first, first + limits.rekeyItems);
    await session.connection.post('rekey-confirm', rekeyConfirm, { items: some });
  }
  return items.length;
}
