import type { Context } from '../../shared/platform/context.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { type CreateWrite, create, erase, type Write } from '../../shared/store/database.ts';
import { decoys } from '../../shared/store/decoys.ts';

/**
 * Stands in a commit for a write that must not happen for this address: a document of the same fields and sizes, in a
 * collection that nobody reads. So a commit takes as long whether the address has an account or not.
 */
export function decoyOf({ data }: CreateWrite, { random, clock }: Pick<Context, 'random' | 'clock'>): Write {
  const filled = Object.entries(data).map(([name, value]) => [name, filler(value)]);
  const expiresAt = new Date(clock.now() + lifetimes.decoy);
  return create(decoys.doc(idOf(random)), { ...Object.fromEntries(filled), expiresAt });
}

/** The same for a deletion. */
export const decoyDeletion = ({ random }: Pick<Context, 'random'>): Write => erase(decoys.doc(idOf(random)));

const idOf = (random: Context['random']) => Buffer.from(random(16)).toString('hex');
const filler = (value: unknown) => (typeof value === 'string' ? 'x'.repeat(Buffer.byteLength(value)) : value);
