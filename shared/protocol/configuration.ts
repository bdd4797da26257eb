import * as z from 'zod';

/** What a client must know before it talks to a deployment. It obeys this, and keeps floors of its own. */
export const configuration = {
  input: z.object({}),
  output: z.object({
    protocolVersion: z.literal(1),
    limits: z.record(z.string(), z.int()),
    lifetimes: z.record(z.string(), z.int()),
    rateRules: z.array(
      z.object({
        name: z.string(),
        counts: z.string(),
        by: z.enum(['address', 'account', 'email', 'email+address']),
        limit: z.int(),
        windowSeconds: z.int(),
        /** `report`: what is too much is counted and logged, not refused. */
        mode: z.enum(['enforce', 'report']),
      }),
    ),
    profiles: z.array(
      z.object({
        id: z.string(),
        groupBits: z.int(),
        publicValueBytes: z.int(),
        iterations: z.int(),
        isDefault: z.boolean(),
      }),
    ),
    kdfFloor: z.object({ iterations: z.int(), groupBits: z.int() }),
  }),
};

export const healthz = { input: z.object({}), output: z.object({ status: z.literal('ok') }) };
