import type * as z from 'zod';
import { parsePublicKey } from '../../shared/crypto/rsa-key.ts';

/** Adds an issue for a key nobody can wrap to: that would be an account nobody can share with. */
export function refuseUnusablePublicKey({ publicKey }: { readonly publicKey: string }, context: z.RefinementCtx): void {
  try {
    parsePublicKey(publicKey);
  } catch {
    const message = 'must be a 2048-bit RSA-OAEP-256 public key as a JSON Web Key';
    context.addIssue({ code: 'custom', path: ['publicKey'], message });
  }
}
