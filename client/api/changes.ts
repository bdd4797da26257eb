import { parseMessage } from '../../shared/crypto/message.ts';
import type { ChangeResult, PulledResource, Resource } from '../../shared/protocol/changes.ts';
import { type Draft, type Opened, openResource, type Page, pullPage, type SealedChange } from '../changes.ts';
import { AnswerContradictory, ResourceRefused, VersionChanged } from '../refusals.ts';
import type { Context, LongWork, Until } from './context.ts';
import type { OpenGroup } from './open-group.ts';
import { Push } from './push.ts';
import type { Verdict } from './verdict.ts';

/** A change in the clear, and its place in the order of the group's changes. */
export type OpenChange = Opened<PulledResource>;

/** Some changes, oldest first. */
export interface OpenPage {
  readonly changes: readonly OpenChange[];
  /** To go on from, in this run or a later one: everything of this page lies before it. */
  readonly cursor: string;
  /** What the cursor stands for. */
  readonly revision: number;
  readonly more: boolean;
}

export interface PullOptions extends LongWork {
  /** Of an earlier page; null for everything. Unless given, where the last pull of this group ended. */
  readonly cursor?: string | null | undefined;
  /** Told of each change that does not open, which is then left out; without it the first is thrown. */
  readonly onRefused?: ((refused: ResourceRefused) => void) | undefined;
}

/** What is known of the newest version seen of a resource. */
interface Seen {
  readonly version: string;
  /** At least. */
  readonly revision: number;
  readonly keyEpoch: number;
  /** Nonce and tag: no two contents have the same. */
  readonly seal: string;
}

/** The changes of one group: to pull, and to push. */
export class Changes {
  readonly #context: Context;
  readonly #group: OpenGroup;
  readonly #seen = new Map<string, Seen & { readonly count: number }>();
  /** How often something was seen: answers overtake each other, so each is held against what was known before its call. */
  #count = 0;

  constructor(context: Context, group: OpenGroup) {
    this.#context = context;
    this.#group = group;
  }

  /**
   * Every change since the last pull, oldest first. The place moves when a page has been taken whole: what was not
   * comes again. One's own pushes come once more: only a pull knows what others wrote in between.
   * @param options.onProgress counts changes; `total` is known at the last page
   * @throws {CallFailed} `GROUP_NOT_FOUND`, `CURSOR_EXPIRED`: then pull again with `cursor: null` and drop what does not come
   * @throws {ResourceRefused | GroupRolledBack | AnswerContradictory}
   */
  async *pull(options: PullOptions = {}): AsyncGenerator<OpenChange> {
    for await (const { changes } of this.pages(options)) {
      for (const change of changes) {
        yield change;
        options.signal?.throwIfAborted();
      }
    }
  }

  /** The same by pages, for those who keep cursors themselves. */
  async *pages({ cursor, onRefused, onProgress, signal }: PullOptions = {}): AsyncGenerator<OpenPage> {
    const until = { signal };
    const record = this.#context.record(this.#group.id);
    const remembered = cursor === undefined ? await record.place() : null;
    let place = remembered?.cursor ?? cursor ?? null;
    let after = remembered?.revision ?? 0;
    let done = 0;
    let more = true;
    while (more) {
      const mark = await record.mark();
      const before = this.#count;
      const page = await pullPage(this.#context.session(until), this.#group, place);
      await record.saw(mark, { revision: page.revision });
      requireOrder(page, after);
      const changes = await this.#openAll(page.changes, before, onRefused, until);
      done += page.changes.length;
      onProgress?.({ done, total: page.more ? undefined : done });
      after = page.more ? (page.changes.at(-1)?.revision ?? after) : page.revision;
      place = page.cursor;
      more = page.more;
      yield { changes, cursor: place, revision: after, more };
      await record.reached({ cursor: place, revision: after });
    }
  }

  /**
   * Encrypts drafts and sends them, however many: in as many calls as the server's limits want, each written once
   * however often it is sent. A newer key of the group is fetched where one is needed.
   * @param options.onProgress counts drafts that have their verdict
   * @returns a verdict on each, in their order
   * @throws what a call throws; earlier calls are done. To go on after that, see `prepare`
   */
  push(drafts: Iterable<Draft> | AsyncIterable<Draft>, options: LongWork = {}): Promise<Verdict[]> {
    return this.prepare(drafts).send(options);
  }

  /** A push that can be gone on with after a failure: call `send` again. */
  prepare(drafts: Iterable<Draft> | AsyncIterable<Draft>): Push {
    return new Push(this.#context, this.#group, this, drafts);
  }

  /**
   * All of these drafts are written, or none: in one call, so they must fit one.
   * @throws {PushTooLarge} when they do not
   */
  transaction(drafts: Iterable<Draft> | AsyncIterable<Draft>, options: LongWork = {}): Promise<Verdict[]> {
    return new Push(this.#context, this.#group, this, drafts, true).send(options);
  }

  /**
   * Opens a row of the wire. A key that is newer than those here is fetched.
   * @throws {ResourceRefused}
   * @internal
   */
  async open<Row extends Resource & { readonly revision?: number }>(row: Row, until: Until = {}): Promise<Opened<Row>> {
    await this.#requireKeysFor([row], until);
    return this.#openOne(row, until);
  }

  /** What fails on the way to newer keys says nothing of the rows: they may open another time. */
  async #requireKeysFor(rows: readonly Pick<Resource, 'keyEpoch'>[], until: Until): Promise<void> {
    if (rows.some(({ keyEpoch }) => keyEpoch > this.#group.keyEpoch)) await this.#group.refresh(until);
  }

  async #openOne<Row extends Resource & { readonly revision?: number }>(row: Row, until: Until): Promise<Opened<Row>> {
    try {
      const message = parseMessage(row.encContent);
      const { id, version, keyEpoch, revision = 0 } = row;
      const next = { version, revision, keyEpoch, seal: message.iv + message.t };
      this.#requireKnown(id, next);
      const opened = await openResource(this.#group.keys, row);
      if (revision >= (this.#seen.get(id)?.revision ?? 0)) this.#see(id, next);
      return opened;
    } catch (error) {
      until.signal?.throwIfAborted();
      throw error instanceof Error ? new ResourceRefused(this.#group.id, row.id, error) : error;
    }
  }

  /** A verdict of the wire with its row in the clear. @internal */
  async judged({ current, ...verdict }: ChangeResult, until: Until): Promise<Verdict> {
    if (current === undefined) return verdict;
    try {
      return { ...verdict, current: await this.open(current, until) };
    } catch (error) {
      if (error instanceof ResourceRefused) return { ...verdict, refused: error };
      throw error;
    }
  }

  /** What was written is known: whoever shows it again has to show the same. @internal */
  wrote({ id, encContent }: SealedChange, { version, keyEpoch, revision }: Omit<Seen, 'seal'>): void {
    const { iv, t } = parseMessage(encContent);
    this.#see(id, { version, revision, keyEpoch, seal: iv + t });
  }

  #see(id: string, seen: Seen): void {
    this.#count += 1;
    this.#seen.set(id, { ...seen, count: this.#count });
  }

  #requireKnown(id: string, next: Seen): void {
    const known = this.#seen.get(id);
    if (known === undefined) return;
    const same = known.version === next.version;
    const changed = same && (known.keyEpoch !== next.keyEpoch || known.seal !== next.seal);
    if (changed) throw new VersionChanged(next.version);
  }

  async #openAll(
    rows: Page['changes'],
    before: number,
    onRefused: PullOptions['onRefused'],
    until: Until,
  ): Promise<OpenChange[]> {
    await this.#requireKeysFor(rows, until);
    const opening = rows.map(async (row) => {
      const known = this.#seen.get(row.id);
      if (known !== undefined && known.count <= before && row.revision < known.revision) {
        throw new ResourceRefused(this.#group.id, row.id, new VersionChanged(row.version));
      }
      return this.#openOne(row, until);
    });
    const opened: OpenChange[] = [];
    for (const outcome of await Promise.allSettled(opening)) {
      if (outcome.status === 'fulfilled') opened.push(outcome.value);
      else if (onRefused !== undefined && outcome.reason instanceof ResourceRefused) onRefused(outcome.reason);
      else throw outcome.reason;
    }
    return opened;
  }
}

/** @throws {AnswerContradictory} when the page tells anything twice, out of order, or from where it cannot be */
function requireOrder({ changes, more, revision: head }: Page, after: number): void {
  let last = after;
  for (const { revision } of changes) {
    if (revision <= last) throw new AnswerContradictory('changes-pull', 'changes come twice or out of their order');
    last = revision;
  }
  if (last > head) throw new AnswerContradictory('changes-pull', 'a change is newer than the group');
  if (more && changes.length === 0)
    throw new AnswerContradictory('changes-pull', 'an empty page says that more follows');
}
