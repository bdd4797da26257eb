import * as z from 'zod';

const groupBits = z.int().describe('Size of the SRP group’s prime, in bits (RFC 5054)');
const iterations = z.int().describe('PBKDF2-HMAC-SHA-256 iterations');

/** What a client must know before it talks to a deployment. It obeys this, and keeps floors of its own. */
export const configuration = {
  input: z.object({}),
  output: z.object({
    protocolVersion: z.literal(1).describe('What this document describes'),
    limits: z.record(z.string(), z.int()).describe('What is too much, by name: counts, bytes, characters'),
    lifetimes: z.record(z.string(), z.int()).describe('How long things last, by name: milliseconds'),
    rateRules: z
      .array(
        z.object({
          name: z.string().describe('As `RATE_LIMITED` names it'),
          counts: z.string().describe('What is counted'),
          by: z.enum(['address', 'account', 'email', 'email+address']).describe('For whom it is counted'),
          limit: z.int().describe('At most so many in a window'),
          windowSeconds: z.int().describe('Seconds of a window'),
          mode: z.enum(['enforce', 'report']).describe('`report`: what is too much is counted and logged, not refused'),
        }),
      )
      .describe('What is limited'),
    profiles: z
      .array(
        z.object({
          id: z.string().describe('Its name in `profile`'),
          groupBits,
          publicValueBytes: z.int().describe('Bytes of verifier, A and B: twice as many hex characters'),
          iterations,
          isDefault: z.boolean().describe('What an account gets that names none'),
        }),
      )
      .describe('The cryptography an account can have'),
    kdfFloor: z.object({ iterations, groupBits }).describe('No profile is below it'),
  }),
};

export const healthz = {
  input: z.object({}),
  output: z.object({ status: z.literal('ok').describe('The function answers') }),
};
