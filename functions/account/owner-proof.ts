import type * as z from 'zod';
import type { SessionContext } from '../../shared/platform/context.ts';
import type { ownerProof as wire } from '../../shared/protocol/passphrase.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { remove, type Write } from '../../shared/store/database.ts';
import { settle } from '../login/attempts.ts';
import { provePassphrase } from '../login/prove.ts';
import { findMailToken } from './mail-token.ts';

/**
 * Run in each attempt to commit: the writes that use the proof up. A code must have been mailed to the address that the
 * account has now. @throws Problem `PROOF_FAILED`
 */
export type OwnerProof = (loginId: string) => Promise<Write[]>;

/**
 * That the caller of this session is the account's owner, by a passphrase or by a code of passphrase-code-send. A
 * handshake is used up here and now, whatever comes of it; a code by the commit.
 * @throws Problem `PROOF_FAILED`; `RATE_LIMITED`
 */
export async function ownerProof(proof: z.output<typeof wire>, context: SessionContext): Promise<OwnerProof> {
  const { accountId } = context.caller;
  if ('code' in proof) {
    return async (loginId) => {
      const token = await findMailToken(context, 'passphrase-change', proof.code);
      if (token?.data.accountId !== accountId || token.data.loginId !== loginId) throw proofFailed();
      return [remove(token)];
    };
  }
  const { login, attempt } = await proven(proof, context);
  if (login.data.accountId !== accountId) throw proofFailed();
  return async () => [settle(attempt, 'right')];
}

/**
 * That a handshake proves to know the passphrase of an account.
 * @throws Problem `PROOF_FAILED`; `RATE_LIMITED`
 */
export async function proven(...handshake: Parameters<typeof provePassphrase>) {
  try {
    return await provePassphrase(...handshake);
  } catch (error) {
    throw error instanceof Problem && error.code === 'LOGIN_FAILED' ? proofFailed() : error;
  }
}

export const proofFailed = () => new Problem('PROOF_FAILED', 'The passphrase or the code is wrong, used or too old.');
