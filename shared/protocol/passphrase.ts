import * as z from 'zod';
import { accountKeys, encSymmetricKey, mailToken, newSecrets } from './account.ts';
import { email, groupId, name, role, time } from './fields.ts';
import { generation, grantedBy } from './group.ts';
import { loginFinish } from './login.ts';

/**
 * That the caller is the owner of the account: a fresh SRP handshake, begun by login-start; or the code of a mail that
 * was sent for the purpose.
 */
export const ownerProof = z
  .union([loginFinish.input.pick({ sessionStarterId: true, srpM1: true }), z.object({ code: mailToken })], {
    error: 'must be {sessionStarterId, srpM1} of a fresh handshake, or {code} from the mail',
  })
  .describe('That the caller is the owner: a fresh SRP handshake, or the code of a mail');

const sessionsRevoked = z.int().min(0).describe('Other sessions that this has ended');

export const passphraseCodeSend = {
  input: z.object({}),
  output: z.object({ status: z.literal('code-sent').describe('A mail is on its way') }),
};

export const passphraseChange = {
  input: newSecrets.safeExtend({
    proof: ownerProof,
    encSymmetricKey: encSymmetricKey.describe('The account’s symmetric key, encrypted under the new passphrase'),
    baseEncSymmetricKey: encSymmetricKey.describe(
      '`encSymmetricKey` as the caller last saw it: another device may have changed the passphrase meanwhile',
    ),
  }),
  output: z.object({
    changed: z.literal(true).describe('The new passphrase holds'),
    sessionsRevoked,
  }),
};

export const passphraseResetStart = {
  input: z.object({ email }),
  output: z.object({ status: z.literal('reset-sent').describe('For every address the same') }),
};

export const passphraseResetPreview = {
  input: z.object({ token: mailToken }),
  output: z.object({
    email: z.string().describe('Address of the account'),
    expires: time.describe('When the token ends: milliseconds since 1970'),
    groups: z
      .array(
        z.object({
          id: groupId,
          name,
          role,
          outcome: z
            .enum(['lost', 'kept'])
            .describe('`lost`: nobody else holds its key. `kept`: one of `grantedBy` can grant it to the new keys'),
          grantedBy,
        }),
      )
      .describe('What a reset does to each group of the account'),
  }),
};

/** All of an account's secrets and keys, anew. */
export const passphraseResetFinish = {
  input: newSecrets.safeExtend({ ...accountKeys, token: mailToken }),
  output: z.object({
    reset: z.literal(true).describe('The new passphrase and keys hold'),
    generation,
    groupsLost: z.int().describe('Groups that nobody can open any more'),
    groupsKept: z.int().describe('Groups that wait for a key from somebody else'),
    sessionsRevoked,
  }),
};
