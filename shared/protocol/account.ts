import * as z from 'zod';
import { accountId, email, hex, opaqueJson, personNames, salt, time, toldKey } from './fields.ts';
import { defaultProfile, type ProfileId, profiles } from './profiles.ts';

export const profileId = z
  .enum(Object.keys(profiles) as [ProfileId, ...ProfileId[]])
  .describe('The cryptography of the account: SRP group, hash, key derivation');

/** SHA-256 of a session's token. */
const sessionId = hex(64).describe('Names a session; opens nothing');

export const encSymmetricKey = opaqueJson(4_000).describe(
  'The account’s symmetric key, encrypted under what the passphrase makes: the text of a JSON object',
);

const publicKey = opaqueJson(4_000).describe('RSA-2048 public key: the text of a JWK');

/** The keys of an account as its client made them; the server stores them and can open none of the encrypted ones. */
export const accountKeys = {
  saltEnc: salt.describe('Salt of the key derivation that encrypts: 32 random bytes, hex'),
  publicKey,
  encPrivateKey: opaqueJson(20_000).describe(
    'The private key, encrypted under the symmetric key: the text of a JSON object',
  ),
  encSymmetricKey,
};

/** What the login secret is made with, beside passphrase and address. */
export const loginSalts = {
  saltKey: salt.describe('Salt of the key derivation that logs in: 32 random bytes, hex'),
  saltAuth: salt.describe('Salt of SRP-6a: 32 random bytes, hex'),
};

/** What a client derives from a passphrase: the same at sign-up and for a new passphrase. */
export const newSecrets = z
  .object({
    ...loginSalts,
    saltEnc: accountKeys.saltEnc,
    verifier: z.string().describe('SRP-6a verifier of RFC 5054: hex, as long as the prime of the profile'),
    profile: profileId.default(defaultProfile),
  })
  .superRefine(({ verifier, profile }, context) => {
    const check = hex(profiles[profile].publicValueBytes * 2).safeParse(verifier);
    for (const { message } of check.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: ['verifier'], message });
  });

const verificationSent = z.literal('verification-sent').describe('For every address the same');

/** M_Account of the standards document, as sign-up sends it. */
export const accountCreate = {
  input: newSecrets.safeExtend({ email, ...personNames, ...accountKeys }),
  output: z.object({ status: verificationSent }),
};

export const mailToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, { message: 'must be the token from the mail' })
  .describe('The token from the mail: what stands behind `token=` in its link');

export const accountVerify = {
  page: z.object({ token: mailToken }),
  input: z.object({ token: mailToken }),
  output: z.object({ verified: z.literal(true).describe('From now on the account can log in') }),
};

export const accountResendVerification = {
  input: z.object({ email }),
  output: z.object({ status: verificationSent }),
};

export const sessionWhoami = {
  input: z.object({}),
  output: z.object({
    accountId,
    email,
    ...personNames,
    created: time,
    ...accountKeys,
    isVerified: z.boolean().describe('Whether the address is verified'),
    sessionAge: z.int().describe('Seconds since this session began'),
    sessionExpiry: z.int().describe('Seconds this session has left'),
    profile: profileId,
  }),
};

export const sessionList = {
  input: z.object({}),
  output: z.object({
    sessions: z
      .array(
        z.object({
          sessionId,
          label: z.string().describe('What the device is called'),
          created: time,
          lastUsed: time.describe('Milliseconds since 1970; at most a day behind'),
          expires: time,
          current: z.boolean().describe('Whether it is the one that asks'),
        }),
      )
      .describe('The last used first'),
  }),
};

export const sessionRevoke = {
  input: z.object({
    sessionId: z
      .string()
      .regex(/^([0-9a-f]{64}|others|all)$/, { message: 'must be a session id (64 hex characters), "others" or "all"' })
      .describe('One session, or `others`: all but the one that asks; or `all`'),
  }),
  output: z.object({ revoked: z.int().min(0).describe('How many were ended') }),
};

export const sessionLogout = { input: z.object({}), output: z.undefined() };

export const publicKeyGet = {
  input: z.object({ email }),
  output: z.object({
    accountId,
    ...toldKey,
  }),
};
