import * as z from 'zod';
import { accountVerify, encSymmetricKey, newSecrets } from './account.ts';
import { email } from './fields.ts';
import { ownerProof } from './passphrase.ts';

/** The address is part of every derivation from the passphrase, so a new one means new secrets. */
export const emailChangeStart = {
  input: newSecrets.safeExtend({
    email: email.describe('The new address'),
    proof: ownerProof.describe('That the caller is the owner; a code is one of passphrase-code-send'),
    encSymmetricKey: encSymmetricKey.describe(
      'The account’s symmetric key, encrypted under what the passphrase and the new address make',
    ),
    baseEncSymmetricKey: encSymmetricKey.describe(
      '`encSymmetricKey` as the caller last saw it, and as it must still be when the new address is confirmed',
    ),
  }),
  output: z.object({ status: z.literal('confirmation-sent').describe('For every address the same') }),
};

export const emailChangeConfirm = {
  page: accountVerify.page,
  input: accountVerify.input,
  output: z.object({ changed: z.literal(true).describe('The account has the new address') }),
};
