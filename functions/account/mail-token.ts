import type { Context } from '../../shared/platform/context.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { create, type Stored, type Write } from '../../shared/store/database.ts';
import { type Token, type TokenPurpose, tokens } from '../../shared/store/tokens.ts';

const lifeOf = {
  'verify-email': lifetimes.verificationToken,
  'passphrase-change': lifetimes.passphraseCode,
  'passphrase-reset': lifetimes.passphraseCode,
  'email-change': lifetimes.emailChange,
  'account-delete': lifetimes.deletionCode,
} as const satisfies Record<TokenPurpose, number>;

/** Whose token it is, and what for. */
type Holder = Pick<Token, 'purpose' | 'accountId' | 'loginId' | 'newAddress'>;

/** A fresh single-use token for a mail; the store gets its hash only. */
export function newMailToken({ random, clock }: Context, holder: Holder): { token: string; write: Write } {
  const token = Buffer.from(random(32)).toString('base64url');
  const expires = clock.now() + lifeOf[holder.purpose];
  return { token, write: create(tokens.doc(sha256Hex(token)), { ...holder, expires, expiresAt: new Date(expires) }) };
}

/** The token as stored, if it is one for this purpose and has not expired. To be removed by the commit that uses it. */
export async function findMailToken(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  purpose: TokenPurpose,
  token: string,
): Promise<Stored<Token> | undefined> {
  const [found] = await database.get(tokens.doc(sha256Hex(token)));
  return found?.data.purpose === purpose && found.data.expires > clock.now() ? found : undefined;
}
