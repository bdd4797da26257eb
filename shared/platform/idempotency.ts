import { lifetimes, limits } from '../protocol/limits.ts';
import { Problem } from '../protocol/problems.ts';
import { CommitConflict, create, type Database, type Stored, update, type Write } from '../store/database.ts';
import { type IdempotencyRecord, idempotencyRecords } from '../store/idempotency.ts';
import { sha256Hex } from './hash.ts';

/** Thrown through a handler when another instance has just answered the same call: its answer is this call's too. */
export class AlreadyAnswered extends Error {
  readonly body: string;

  constructor(body: string) {
    super('This call has been answered.');
    this.name = 'AlreadyAnswered';
    this.body = body;
  }
}

/** One call under one `Idempotency-Key`. */
export interface IdempotentCall {
  /** Who calls; null without a session. */
  readonly accountId: string | null;
  readonly id: string;
  readonly requestHash: string;
}

interface Request {
  readonly key: string;
  readonly accountId: string | null;
  readonly operation: string;
  readonly input: unknown;
}

/** @throws Problem `INVALID_INPUT` when a header is there and is no key */
export function requireKey(key: string | undefined): string | undefined {
  if (key === undefined || (key.length > 0 && key.length <= limits.idempotencyKeyCharacters)) return key;
  const message = `must be 1 to ${limits.idempotencyKeyCharacters} characters`;
  const errors = [{ path: 'header:Idempotency-Key', message }];
  throw new Problem('INVALID_INPUT', `Idempotency-Key: ${message}`, { errors });
}

export function idempotentCall({ key, accountId, operation, input }: Request): IdempotentCall {
  return {
    accountId,
    id: sha256Hex('idempotency', accountId ?? 'anonymous', key),
    requestHash: sha256Hex(operation, JSON.stringify(input) ?? ''),
  };
}

/**
 * Commits the effect and the answer together. A first call pays one write for its key and no read: that there is no
 * answer yet is the record's own precondition.
 * @throws AlreadyAnswered when the same call has been answered, by whichever instance
 * @throws Problem `IDEMPOTENCY_KEY_REUSED`
 * @throws CommitConflict when something else was in the way
 */
export async function commitIdempotent(
  database: Database,
  call: IdempotentCall,
  output: unknown,
  writes: readonly Write[],
  now: number,
): Promise<void> {
  const { id, accountId, requestHash } = call;
  const expires = now + lifetimes.idempotencyRecord;
  const record = { accountId, requestHash, body: JSON.stringify(output) ?? '', expires, expiresAt: new Date(expires) };
  try {
    await database.commit([...writes, create(idempotencyRecords.doc(id), record)]);
  } catch (error) {
    if (!(error instanceof CommitConflict)) throw error;
    const dead = await lookUp(database, call, now);
    if (dead === undefined) throw error;
    await database.commit([...writes, update(dead, record)]);
  }
}

/**
 * For a handler that failed, since that is the answer only if the same call has not succeeded before; and ahead of one
 * that must not begin then.
 * @throws AlreadyAnswered
 * @throws Problem `IDEMPOTENCY_KEY_REUSED`
 */
export async function preferFirstAnswer(database: Database, call: IdempotentCall, now: number): Promise<void> {
  await lookUp(database, call, now);
}

/** Answers from the record if there is a live one; hands back one past its 24 hours that is not swept yet. */
async function lookUp(
  database: Database,
  { id, requestHash }: IdempotentCall,
  now: number,
): Promise<Stored<IdempotencyRecord> | undefined> {
  const [record] = await database.get(idempotencyRecords.doc(id));
  if (record === undefined || record.data.expires <= now) return record;
  if (record.data.requestHash !== requestHash) {
    throw new Problem('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was sent before, with another request.');
  }
  throw new AlreadyAnswered(record.data.body);
}
