import * as z from 'zod';
import { accountId, email, hex, name, opaqueJson, salt, time } from './fields.ts';
import { defaultProfile, type ProfileId, profiles } from './profiles.ts';

export const profileId = z.enum(Object.keys(profiles) as [ProfileId, ...ProfileId[]]);

const sessionId = hex(64);

export const encSymmetricKey = opaqueJson(4_000);

/** The keys of an account as its client made them; the server stores them and can open none of the encrypted ones. */
export const accountKeys = {
  saltEnc: salt,
  publicKey: opaqueJson(4_000),
  encPrivateKey: opaqueJson(20_000),
  encSymmetricKey,
};

/** What a client derives from a passphrase: the same at sign-up and for a new passphrase. */
export const newSecrets = z
  .object({
    saltKey: salt,
    saltAuth: salt,
    saltEnc: salt,
    verifier: z.string(),
    profile: profileId.default(defaultProfile),
  })
  .superRefine(({ verifier, profile }, context) => {
    const check = hex(profiles[profile].publicValueBytes * 2).safeParse(verifier);
    for (const { message } of check.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: ['verifier'], message });
  });

/** M_Account of the standards document, as sign-up sends it. */
export const accountCreate = {
  input: newSecrets.safeExtend({ email, firstName: name, lastName: name, ...accountKeys }),
  output: z.object({ status: z.literal('verification-sent') }),
};

export const mailToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/, { message: 'must be the token from the mail' });

export const accountVerify = {
  page: z.object({ token: mailToken }),
  input: z.object({ token: mailToken }),
  output: z.object({ verified: z.literal(true) }),
};

export const accountResendVerification = {
  input: z.object({ email }),
  output: z.object({ status: z.literal('verification-sent') }),
};

export const sessionWhoami = {
  input: z.object({}),
  output: z.object({
    accountId,
    email,
    firstName: name,
    lastName: name,
    created: time,
    ...accountKeys,
    isVerified: z.boolean(),
    /** Seconds since this session began, and seconds it has left. */
    sessionAge: z.int(),
    sessionExpiry: z.int(),
    profile: profileId,
  }),
};

export const sessionList = {
  input: z.object({}),
  output: z.object({
    /** The last used first. */
    sessions: z.array(
      z.object({
        /** Names the session; opens nothing. */
        sessionId,
        label: z.string(),
        created: time,
        /** At most a day behind. */
        lastUsed: time,
        expires: time,
        /** Whether it is the one that asks. */
        current: z.boolean(),
      }),
    ),
  }),
};

export const sessionRevoke = {
  input: z.object({
    /** One session; or `others`, all but the one that asks; or `all`. */
    sessionId: z
      .string()
      .regex(/^([0-9a-f]{64}|others|all)$/, { message: 'must be a session id (64 hex characters), "others" or "all"' }),
  }),
  output: z.object({ revoked: z.int().min(0) }),
};

export const sessionLogout = { input: z.object({}), output: z.undefined() };

export const publicKeyGet = {
  input: z.object({ email }),
  output: z.object({
    accountId,
    publicKey: z.string(),
    /** RFC 7638 thumbprint of the key, for the sharer to compare with its owner over another channel. */
    fingerprint: z.string(),
  }),
};
