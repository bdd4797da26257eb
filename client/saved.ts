import type * as z from 'zod';
import { SavedStateUnusable } from './failures.ts';

/**
 * Reads a note that this program wrote an earlier time.
 * @param what it is, for people
 * @throws {SavedStateUnusable}
 */
export function readSaved<Schema extends z.ZodType>(schema: Schema, text: string, what: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new SavedStateUnusable(`${what} is not whole`, 'Bring it back from a copy, or begin with new notes');
  }
}
