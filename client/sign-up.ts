import { createAccountKeys, sealAccountKeys } from '../shared/crypto/account-keys.ts';
import { accountCreate, accountVerify } from '../shared/protocol/account.ts';
import { defaultProfile, type ProfileId } from '../shared/protocol/profiles.ts';
import type { Connection } from './connection.ts';
import { createSecrets } from './secrets.ts';

/** What a person gives to sign up. */
export interface NewAccount {
  readonly email: string;
  readonly passphrase: string;
  readonly firstName: string;
  readonly lastName: string;
  /** The standards document's own unless said. */
  readonly profile?: ProfileId;
}

/**
 * "How Account Creation Works" of the standards document, on this computer; only what the server may know is sent.
 * A mail follows. The answer is the same for an address that has an account already: the mail tells its owner.
 * @throws {CallFailed} `INVALID_INPUT`, `RATE_LIMITED`
 */
export async function signUp(connection: Connection, person: NewAccount): Promise<void> {
  const { email, passphrase, firstName, lastName, profile = defaultProfile } = person;
  const [{ secrets, encSecret }, keys] = await Promise.all([
    createSecrets({ email, passphrase }, profile),
    createAccountKeys(),
  ]);
  await connection.post('account-create', accountCreate, {
    ...{ email, firstName, lastName },
    ...secrets,
    ...(await sealAccountKeys(keys, encSecret)),
  });
}

/**
 * What the button of the verification page does.
 * @param token from the link in the mail
 * @throws {CallFailed} `TOKEN_EXPIRED` when it was used, is too old, or was replaced
 */
export async function verifyAddress(connection: Connection, token: string): Promise<void> {
  await connection.post('account-verify', accountVerify, { token });
}
