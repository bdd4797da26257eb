import * as z from 'zod';

/** A page that is the same for everybody: what it is about stands behind the `#`, which browsers keep to themselves. */
export const page = { input: z.object({}), output: z.object({}) };

export const pageFile = {
  input: z.object({
    name: z
      .string()
      .regex(/^[a-z]+\.[0-9a-f]{16}\.(js|css|svg)$/, { message: 'must be the name of a file as a page names it' })
      .describe('As a page names it'),
  }),
};
