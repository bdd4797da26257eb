import { type Group, keyOf } from '../../client/group.ts';
import type { Session } from '../../client/log-in.ts';
import type { NewAccount } from '../../client/sign-up.ts';
import { deriveKey } from '../../shared/crypto/derive-key.ts';
import { loginSalts } from '../../shared/protocol/login.ts';
import { profiles } from '../../shared/protocol/profiles.ts';

/** What one person's browser holds in memory, as text, and by what the page finds the same things in the store. */
export interface HeldKeys {
  readonly person: string;
  readonly accountId: string;
  readonly groupId: string;
  readonly resourceId: string;
  /** Session key K, with which the page's form can speak for this person. */
  readonly token: string;
  readonly values: Readonly<Record<KeyName, string>>;
}

/** From what a person types down to what they read. */
export type KeyName =
  | 'passphrase'
  | 'authSecret'
  | 'encSecret'
  | 'symmetricKey'
  | 'privateKey'
  | 'publicKey'
  | 'groupKey'
  | 'content';

/** What a person reads of a group. */
export interface Reading {
  readonly group: Group;
  readonly resourceId: string;
  readonly content: string;
}

/** Derives the secrets once more to show them: the login forgot them. The people of this page have nothing to hide. */
export async function keysOf(person: NewAccount, session: Session, reading: Reading): Promise<HeldKeys> {
  const { email, passphrase } = person;
  const { connection, account, keys } = session;
  const { iterations } = profiles[account.profile];
  const { saltKey } = await connection.post('login-salts', loginSalts, { email });
  return {
    person: person.firstName,
    accountId: account.accountId,
    groupId: reading.group.id,
    resourceId: reading.resourceId,
    token: connection.token ?? '',
    values: {
      passphrase,
      authSecret: await deriveKey(passphrase, email, saltKey, iterations),
      encSecret: await deriveKey(passphrase, email, account.saltEnc, iterations),
      symmetricKey: keys.symmetricKey.k,
      privateKey: keys.privateKey.d,
      publicKey: keys.publicKey.n,
      groupKey: keyOf(reading.group, reading.group.keyEpoch).k,
      content: reading.content,
    },
  };
}
