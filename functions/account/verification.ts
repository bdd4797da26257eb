import type { Context } from '../../shared/platform/context.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { create, type Write } from '../../shared/store/database.ts';
import { tokens } from '../../shared/store/tokens.ts';

/** A fresh single-use token for the verification mail; the store gets its hash only. */
export function newVerification(context: Context, accountId: string, loginId: string): { token: string; write: Write } {
  const token = Buffer.from(context.random(32)).toString('base64url');
  const expires = context.clock.now() + lifetimes.verificationToken;
  const data = { purpose: 'verify-email', accountId, loginId, expires, expiresAt: new Date(expires) } as const;
  return { token, write: create(tokens.doc(sha256Hex(token)), data) };
}
