import * as z from 'zod';
import { profileId, loginSalts as salts } from './account.ts';
import { email, hex, text, time } from './fields.ts';
import { limits } from './limits.ts';
import { profiles } from './profiles.ts';

const publicValueLengths = new Set(Object.values(profiles).map(({ publicValueBytes }) => publicValueBytes * 2));

/** A or B: hex as long as the group's prime. Which group it is, the account's profile says. */
const publicValue = z
  .string()
  .regex(/^[0-9a-f]*$/, { message: 'must be lower-case hex' })
  .refine((value) => publicValueLengths.has(value.length), {
    message: `must be ${[...publicValueLengths].join(' or ')} characters, as long as the prime of the profile`,
  });

export const loginSalts = {
  input: z.object({ email }),
  output: z.object({ ...salts, profile: profileId }),
};

export const loginStart = {
  input: z.object({ email, srpA: publicValue.describe('The client’s public value A') }),
  output: z.object({
    sessionStarterId: z.string().describe('Names the handshake: for login-finish, within two minutes'),
    srpB: publicValue.describe('The server’s public value B'),
  }),
};

export const loginFinish = {
  input: z.object({
    sessionStarterId: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,4000}$/, { message: 'must be the text that login-start gave' })
      .describe('As login-start gave it'),
    srpM1: hex(64).describe('The client’s proof M1'),
    label: text(limits.sessionLabelCharacters).optional().describe('What the device is to be called in session-list'),
    'user-agent': z.string().optional().describe('What the device is called where it has no label'),
  }),
  output: z.object({ srpM2: hex(64).describe('The server’s proof M2: to be checked'), expiresAt: time }),
};
