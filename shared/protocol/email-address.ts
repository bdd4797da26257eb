import * as z from 'zod';
import { accountVerify, encSymmetricKey, newSecrets } from './account.ts';
import { email } from './fields.ts';
import { ownerProof } from './passphrase.ts';

/** The address is part of every derivation from the passphrase, so a new one means new secrets. */
export const emailChangeStart = {
  input: newSecrets.safeExtend({
    /** The new address. */
    email,
    /** A code is one of passphrase-code-send. */
    proof: ownerProof,
    /** The account's symmetric key, encrypted under what the passphrase and the new address make. */
    encSymmetricKey,
    /** `encSymmetricKey` as the caller last saw it, and as it must still be when the new address is confirmed. */
    baseEncSymmetricKey: encSymmetricKey,
  }),
  output: z.object({ status: z.literal('confirmation-sent') }),
};

export const emailChangeConfirm = {
  page: accountVerify.page,
  input: accountVerify.input,
  output: z.object({ changed: z.literal(true) }),
};
