import * as z from 'zod';
import { encSymmetricKey, mailToken, newSecrets } from './account.ts';
import { loginFinish } from './login.ts';

/**
 * That the caller is the owner of the account: a fresh SRP handshake, begun by login-start; or the code of a mail that
 * was sent for the purpose.
 */
export const ownerProof = z.union(
  [loginFinish.input.pick({ sessionStarterId: true, srpM1: true }), z.object({ code: mailToken })],
  { error: 'must be {sessionStarterId, srpM1} of a fresh handshake, or {code} from the mail' },
);

export const passphraseCodeSend = {
  input: z.object({}),
  output: z.object({ status: z.literal('code-sent') }),
};

export const passphraseChange = {
  input: newSecrets.safeExtend({
    proof: ownerProof,
    /** The account's symmetric key, encrypted under the new passphrase. */
    encSymmetricKey,
    /** `encSymmetricKey` as the caller last saw it: another device may have changed the passphrase meanwhile. */
    baseEncSymmetricKey: encSymmetricKey,
  }),
  output: z.object({
    changed: z.literal(true),
    /** Other sessions that this has ended. */
    sessionsRevoked: z.int().min(0),
  }),
};
