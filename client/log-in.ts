import * as z from 'zod';
import { srpEngine } from '#srp-engine';
import { type AccountKeys, openAccountKeys } from '../shared/crypto/account-keys.ts';
import { deriveKey } from '../shared/crypto/derive-key.ts';
import { SrpClient } from '../shared/crypto/srp/client.ts';
import { sessionLogout, sessionWhoami } from '../shared/protocol/account.ts';
import { loginFinish, loginSalts, loginStart } from '../shared/protocol/login.ts';
import { type AccountProfile, isProfileId, kdfFloor, profiles } from '../shared/protocol/profiles.ts';
import type { Connection } from './connection.ts';
import { ProfileRefused } from './failures.ts';

/** What a person types to log in. */
export interface Credentials {
  readonly email: string;
  readonly passphrase: string;
}

/** A logged-in account with its keys open. It lives in memory only. */
export interface Session {
  /** Speaks for this account. */
  readonly connection: Connection;
  readonly account: z.output<typeof sessionWhoami.output>;
  readonly keys: AccountKeys;
  /** When the session ends by itself, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** How one logs in. */
export interface LoginOptions {
  /** What the device is to be called in the list of sessions. */
  readonly label?: string | undefined;
  /** The weakest profile to take from the server, where this account is known to have had a better one than the floor. */
  readonly floor?: { readonly iterations: number; readonly groupBits: number } | undefined;
}

/** As on the wire, but any profile is read, so that a weak one is refused by name. */
const offeredSalts = { ...loginSalts, output: loginSalts.output.extend({ profile: z.string() }) };

/**
 * "How Account Login Works" of the standards document: the passphrase stays here, and both sides prove what they know.
 * @throws {ProfileRefused} before anything is made of the passphrase
 * @throws {CallFailed} `LOGIN_FAILED`, `EMAIL_NOT_VERIFIED`, `RATE_LIMITED`
 * @throws {ServerProofWrong} when the server does not know this account; the session is not used
 * @throws {MessageTampered | KeyPairMismatched} when the account's keys were changed
 */
export async function logIn(
  connection: Connection,
  credentials: Credentials,
  { label, floor }: LoginOptions = {},
): Promise<Session> {
  const { email, passphrase } = credentials;
  const { sessionStarterId, srpM1, verify, iterations } = await proveToServer(connection, credentials, floor);
  const { srpM2, expiresAt } = await connection.post('login-finish', loginFinish, { sessionStarterId, srpM1, label });

  const own = connection.as(verify(srpM2));
  const account = await own.get('session-whoami', sessionWhoami, {});
  const encSecret = await deriveKey(passphrase, email, account.saltEnc, iterations);
  return { connection: own, account, keys: await openAccountKeys(account, encSecret), expiresAt };
}

/**
 * An SRP handshake up to this side's proof, which is not sent yet: for a login, or to show that one knows a passphrase.
 * @throws {ProfileRefused} before anything is made of the passphrase
 */
export async function proveToServer(
  connection: Connection,
  { email, passphrase }: Credentials,
  floor: LoginOptions['floor'] = kdfFloor,
) {
  const { saltKey, saltAuth, ...offered } = await connection.post('login-salts', offeredSalts, { email });
  const profile = acceptable(offered.profile, floor);
  const authSecret = await deriveKey(passphrase, email, saltKey, profile.iterations);

  const client = new SrpClient({ profile: profile.id, email, authSecret }, srpEngine);
  const { sessionStarterId, srpB } = await connection.post('login-start', loginStart, { email, ...client.start() });
  const { srpM1, verify } = await client.finish({ saltAuth, srpB });
  return { sessionStarterId, srpM1, verify, iterations: profile.iterations };
}

/** A handshake that only shows that one knows the passphrase: the `proof` of the functions that want one. */
export async function freshProof(connection: Connection, credentials: Credentials) {
  const { sessionStarterId, srpM1 } = await proveToServer(connection, credentials);
  return { sessionStarterId, srpM1 };
}

/** Ends the session on the server. */
export async function logOut({ connection }: Session): Promise<void> {
  await connection.post('session-logout', sessionLogout, {});
}

/** The floor is this program's own: a server, or whoever speaks for it, cannot lower it. */
function acceptable(offered: string, floor: NonNullable<LoginOptions['floor']>): AccountProfile {
  const profile = isProfileId(offered) ? profiles[offered] : undefined;
  if (profile === undefined || profile.iterations < floor.iterations || profile.groupBits < floor.groupBits) {
    throw new ProfileRefused(offered);
  }
  return profile;
}
