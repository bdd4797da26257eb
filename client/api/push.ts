import { TextNotWellFormed } from '../../shared/crypto/errors.ts';
import { resourceAd } from '../../shared/crypto/message.ts';
import { type ChangeResult, contentBytes } from '../../shared/protocol/changes.ts';
import { type Draft, pushAt, type SealedChange, sealResource } from '../changes.ts';
import { CallFailed, PushTooLarge } from '../failures.ts';
import type { Mark } from '../trust/group-record.ts';
import type { Context, LongWork, Until } from './context.ts';
import type { Limits } from './limits.ts';
import type { OpenGroup } from './open-group.ts';
import type { Verdict } from './verdict.ts';

/** A draft and its number among all. */
type Numbered = readonly [index: number, draft: Draft];

/** What goes in one call. Sent again, it is the same to the byte, under the same key: so it takes effect once. */
interface Batch {
  readonly drafts: readonly Numbered[];
  readonly changes: SealedChange[];
  readonly keyEpoch: number;
  readonly idempotencyKey: string;
  /** What the group was known to be when it was sealed: an answer, the first or a repeated one, is later. */
  readonly mark: Mark;
}

/** Who knows what stands in the group. */
interface Judge {
  /** Is told of what was written. */
  wrote(
    change: SealedChange,
    at: Pick<Batch, 'keyEpoch'> & { readonly version: string; readonly revision: number },
  ): void;
  /** Says what a result means. */
  judged(result: ChangeResult, until: Until): Promise<Verdict>;
}

/** A push that can be gone on with: what has its verdict is never sent again. */
export class Push {
  readonly #context: Context;
  readonly #group: OpenGroup;
  readonly #judge: Judge;
  readonly #drafts: AsyncIterator<Draft>;
  readonly #atomic: boolean;
  readonly #total: number | undefined;
  readonly #verdicts = new Map<number, Verdict>();
  #taken = 0;
  /** Taken, and left for the next call. */
  #held: Numbered | undefined;
  #batch: Batch | undefined;
  #sending = false;
  #ahead: Promise<Batch | undefined> | undefined;

  constructor(
    context: Context,
    group: OpenGroup,
    judge: Judge,
    drafts: Iterable<Draft> | AsyncIterable<Draft>,
    atomic = false,
  ) {
    this.#context = context;
    this.#group = group;
    this.#judge = judge;
    this.#drafts = each(drafts);
    this.#atomic = atomic;
    this.#total = Array.isArray(drafts) ? drafts.length : undefined;
  }

  /** The verdicts there are, in the order of the drafts. */
  get verdicts(): Verdict[] {
    return [...this.#verdicts].sort(([a], [b]) => a - b).map(([, verdict]) => verdict);
  }

  /**
   * Sends what has no verdict yet. After a failure, call it again: a call whose answer was lost is repeated with its
   * `Idempotency-Key`, so nothing is written twice. While one call is on its way the next is encrypted.
   * @param work.onProgress counts drafts that have their verdict; `total` is known for arrays
   * @returns a verdict on each draft, in their order
   * @throws {TypeError} while an earlier `send` is still on its way
   * @throws {CallFailed} `KEY_EPOCH_STALE` when the key must be rotated first, `QUOTA_EXCEEDED`, `ROLE_REQUIRED`
   * @throws {TextNotWellFormed} at a draft with an unpaired surrogate
   */
  async send(work: LongWork = {}): Promise<Verdict[]> {
    if (this.#sending) throw new TypeError('This push is on its way: wait for its verdicts before it is sent again.');
    this.#sending = true;
    try {
      return await this.#send(work);
    } finally {
      this.#sending = false;
    }
  }

  async #send({ signal, onProgress }: LongWork): Promise<Verdict[]> {
    const limits = await this.#context.limits({ signal });
    for (;;) {
      signal?.throwIfAborted();
      if (this.#batch === undefined) {
        this.#ahead ??= this.#next(limits);
        this.#batch = await this.#ahead;
        this.#ahead = undefined;
      }
      if (this.#batch === undefined) return this.verdicts;
      this.#ahead ??= this.#next(limits);
      this.#ahead.catch(() => {});
      await this.#deliver(this.#batch, signal);
      this.#batch = undefined;
      onProgress?.({ done: this.#verdicts.size, total: this.#total });
    }
  }

  async #deliver(batch: Batch, signal: AbortSignal | undefined): Promise<void> {
    const { keyEpoch, idempotencyKey, changes } = batch;
    const place = { id: this.#group.id, keyEpoch };
    const options = { atomic: this.#atomic, idempotencyKey };
    try {
      const answer = await pushAt(this.#context.session({ signal }), place, changes, options);
      await this.#take(batch, answer, signal);
    } catch (error) {
      if (!(error instanceof CallFailed) || error.code !== 'KEY_EPOCH_STALE') throw error;
      if (this.#group.keyEpoch === keyEpoch) await this.#group.refresh({ signal });
      if (this.#group.keyEpoch === keyEpoch) throw error;
      this.#batch = await this.#seal(batch.drafts);
      await this.#deliver(this.#batch, signal);
    }
  }

  async #take(
    { drafts, changes, keyEpoch, mark }: Batch,
    answer: Awaited<ReturnType<typeof pushAt>>,
    signal?: AbortSignal,
  ) {
    const { results, revision } = answer;
    await this.#context.record(this.#group.id).saw(mark, { revision });
    const written = results.filter(isWritten).length;
    for (const [place, [index]] of drafts.entries()) {
      const [result, change] = [results[place], changes[place]];
      if (result === undefined || change === undefined) continue;
      if (isWritten(result)) this.#judge.wrote(change, { ...result, keyEpoch, revision: revision - written + 1 });
      this.#verdicts.set(index, await this.#judge.judged(result, { signal }));
    }
  }

  /** As many drafts as one call holds, encrypted. */
  async #next(limits: Limits): Promise<Batch | undefined> {
    const drafts: Numbered[] = [];
    const ids = new Set<string>();
    const blobs = new Set<string>();
    let bytes = 0;
    for (let one = await this.#draft(); one !== undefined; one = await this.#draft()) {
      const [index, draft] = one;
      const size = sizeOf(draft, this.#group);
      for (const blobId of draft.blobIds ?? []) blobs.add(blobId);
      bytes += size.bytes;
      const tooLarge = size.content > limits.inlineContentBytes || size.bytes > limits.pushContentBytes;
      const fits =
        drafts.length < limits.pushChanges && bytes <= limits.pushContentBytes && blobs.size <= limits.pushBlobs;
      if (this.#atomic && (tooLarge || !fits)) throw new PushTooLarge(drafts.length, limits.pushContentBytes);
      if (tooLarge) {
        const { id, baseVersion: version } = draft;
        this.#verdicts.set(index, { id, status: 'rejected', version, code: 'CONTENT_TOO_LARGE' });
        bytes -= size.bytes;
      } else if (drafts.length === 0 || (fits && (this.#atomic || !ids.has(draft.id)))) {
        drafts.push(one);
        ids.add(draft.id);
      } else {
        this.#held = one;
        break;
      }
    }
    return drafts.length === 0 ? undefined : this.#seal(drafts);
  }

  async #draft(): Promise<Numbered | undefined> {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return held;
    const { done, value } = await this.#drafts.next();
    return done ? undefined : [this.#taken++, value];
  }

  async #seal(drafts: readonly Numbered[]): Promise<Batch> {
    const { keys } = this.#group;
    const mark = await this.#context.record(keys.id).mark();
    const changes = await Promise.all(drafts.map(([, draft]) => sealResource(keys, draft)));
    return { drafts, changes, keyEpoch: keys.keyEpoch, idempotencyKey: crypto.randomUUID(), mark };
  }
}

async function* each(drafts: Iterable<Draft> | AsyncIterable<Draft>): AsyncGenerator<Draft, undefined> {
  yield* drafts;
}

const isWritten = <Result extends { readonly status: string; readonly version: string | null }>(
  result: Result,
): result is Result & { readonly version: string } => ['created', 'updated', 'removed'].includes(result.status);

/** Characters of an AES message as JSON without its ciphertext and associated data: names, marks, nonce and tag. */
const emptyMessage = JSON.stringify({ iv: '0'.repeat(24), t: '0'.repeat(32), d: '', ad: '' }).length;

/** UTF-8 bytes as the server counts them, known before anything is encrypted: of the content alone, and of all. */
function sizeOf({ id, type, name, content, blobIds = [] }: Draft, { id: groupId, keyEpoch }: OpenGroup) {
  if (!content.isWellFormed()) throw new TextNotWellFormed();
  const hex = 2 * (encodeURIComponent(content).length + contentBytes(resourceAd(groupId, id, keyEpoch)));
  const rest = [id, type, name, ...blobIds].reduce((sum, text) => sum + contentBytes(text), 0);
  return { content: emptyMessage + hex, bytes: emptyMessage + hex + rest };
}
