import * as z from 'zod';
import type { AccountKeys } from '../../shared/crypto/account-keys.ts';
import { parseAesKey } from '../../shared/crypto/aes-key.ts';
import { parsePrivateKey, parsePublicKey } from '../../shared/crypto/rsa-key.ts';
import { sessionWhoami } from '../../shared/protocol/account.ts';
import { hex, time } from '../../shared/protocol/fields.ts';
import type { Connection } from '../connection.ts';
import { SavedStateUnusable } from '../failures.ts';
import type { Session } from '../log-in.ts';

const saved = z.object({
  v: z.literal(1),
  base: z.string(),
  token: hex(64),
  expiresAt: time,
  account: sessionWhoami.output,
  keys: z.object({ symmetricKey: z.string(), privateKey: z.string() }),
});

const again = 'Log in again';

/** A session and the account's open keys as JSON: whoever reads it reads everything. Keep it like a private key. */
export type SavedAccount = z.infer<typeof saved>;

export function saveSession({ connection, account, keys, expiresAt }: Session): SavedAccount {
  const { base, token } = connection;
  if (token === undefined) throw new TypeError('There is no session to save.');
  const open = { symmetricKey: JSON.stringify(keys.symmetricKey), privateKey: JSON.stringify(keys.privateKey) };
  return { v: 1, base, token, expiresAt, account, keys: open };
}

/**
 * @param connection to the server it is for: to no other is its token sent
 * @throws {SavedStateUnusable}
 */
export function openSaved(connection: Connection, given: unknown): Session {
  const { data } = saved.safeParse(given);
  if (data === undefined) throw new SavedStateUnusable('the session is not whole', again);
  const { base, token, expiresAt, account } = data;
  if (base !== connection.base)
    throw new SavedStateUnusable(`the session is one of ${base}, not of ${connection.base}`, again);
  return { connection: connection.as(token), account, keys: openKeys(data), expiresAt };
}

function openKeys({ account, keys }: SavedAccount): AccountKeys {
  try {
    const privateKey = parsePrivateKey(keys.privateKey);
    const publicKey = parsePublicKey(account.publicKey);
    if (privateKey.n === publicKey.n) return { symmetricKey: parseAesKey(keys.symmetricKey), publicKey, privateKey };
  } catch {}
  throw new SavedStateUnusable('the keys of the session are not whole', again);
}
