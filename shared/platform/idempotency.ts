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
  readonly id: string;
  readonly requestHash: string;
  /** A record past its 24 hours that the store has not swept yet. */
  readonly stale: Stored<IdempotencyRecord> | undefined;
}

interface Request {
  readonly key: string;
  /** The account, or `anonymous`. */
  readonly caller: string;
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

/**
 * Looks the call up. One read.
 * @throws AlreadyAnswered when it has been answered
 * @throws Problem `IDEMPOTENCY_KEY_REUSED` when the key came with another request
 */
export async function beginIdempotent(database: Database, request: Request, now: number): Promise<IdempotentCall> {
  const { key, caller, operation, input } = request;
  const id = sha256Hex('idempotency', caller, key);
  const requestHash = sha256Hex(operation, JSON.stringify(input) ?? '');
  const stale = await lookUp(database, id, requestHash, now);
  return { id, requestHash, stale };
}

/** Answers from the record if there is a live one; hands back a dead one. */
async function lookUp(database: Database, id: string, requestHash: string, now: number) {
  const [record] = await database.get(idempotencyRecords.doc(id));
  if (record === undefined || record.data.expires <= now) return record;
  if (record.data.requestHash !== requestHash) {
    throw new Problem('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was sent before, with another request.');
  }
  throw new AlreadyAnswered(record.data.body);
}

/**
 * Commits the effect and the answer together.
 * @throws AlreadyAnswered when the same call, run elsewhere at the same time, won
 * @throws CommitConflict when something else was in the way
 */
export async function commitIdempotent(
  database: Database,
  call: IdempotentCall,
  output: unknown,
  writes: readonly Write[],
  now: number,
): Promise<void> {
  const { id, requestHash, stale } = call;
  const expires = now + lifetimes.idempotencyRecord;
  const record = { requestHash, body: JSON.stringify(output) ?? '', expires, expiresAt: new Date(expires) };
  const recorded = stale === undefined ? create(idempotencyRecords.doc(id), record) : update(stale, record);
  try {
    await database.commit([...writes, recorded]);
  } catch (error) {
    if (error instanceof CommitConflict) await lookUp(database, id, requestHash, now);
    throw error;
  }
}
