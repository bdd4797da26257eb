import * as z from 'zod';
import { profileId } from './account.ts';
import { email, hex, salt, text, time } from './fields.ts';
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
  output: z.object({ saltKey: salt, saltAuth: salt, profile: profileId }),
};

export const loginStart = {
  input: z.object({ email, srpA: publicValue }),
  output: z.object({ sessionStarterId: z.string(), srpB: publicValue }),
};

export const loginFinish = {
  input: z.object({
    sessionStarterId: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,4000}$/, { message: 'must be the text that login-start gave' }),
    srpM1: hex(64),
    /** What the device is to be called in session-list. */
    label: text(limits.sessionLabelCharacters).optional(),
    'user-agent': z.string().optional(),
  }),
  output: z.object({ srpM2: hex(64), expiresAt: time }),
};
