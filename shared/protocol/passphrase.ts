import * as z from 'zod';
import { accountKeys, encSymmetricKey, mailToken, newSecrets } from './account.ts';
import { email, groupId, name, role, time } from './fields.ts';
import { grantedBy } from './group.ts';
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

export const passphraseResetStart = {
  input: z.object({ email }),
  output: z.object({ status: z.literal('reset-sent') }),
};

export const passphraseResetPreview = {
  input: z.object({ token: mailToken }),
  output: z.object({
    email: z.string(),
    /** When the token ends. */
    expires: time,
    groups: z.array(
      z.object({
        id: groupId,
        name,
        role,
        /** `lost`: nobody else holds its key. `kept`: one of `grantedBy` can grant it to the new keys. */
        outcome: z.enum(['lost', 'kept']),
        grantedBy,
      }),
    ),
  }),
};

/** All of an account's secrets and keys, anew. */
export const passphraseResetFinish = {
  input: newSecrets.safeExtend({ ...accountKeys, token: mailToken }),
  output: z.object({
    reset: z.literal(true),
    /** How often the account's keys have been new. */
    generation: z.int(),
    groupsLost: z.int(),
    groupsKept: z.int(),
    sessionsRevoked: z.int(),
  }),
};
