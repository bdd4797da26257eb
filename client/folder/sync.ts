import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { CallFailed } from '../failures.ts';
import { ResourceRefused } from '../refusals.ts';
import { removeLeftovers } from './disk.ts';
import { NeverSettled } from './failures.ts';
import { fetchContents } from './fetching.ts';
import type { FileGroup, Work } from './group-port.ts';
import { readIgnoring } from './ignoring.ts';
import { Incoming } from './incoming.ts';
import { lockFolder } from './lock.ts';
import { findObstacles } from './obstacles.ts';
import { send } from './outgoing.ts';
import { place, resume } from './place.ts';
import { plan } from './plan/plan.ts';
import type { Notice, Plan, RemoteRow } from './plan/types.ts';
import { type Scan, scan } from './scan.ts';
import { type FolderState, ownFile, readState, writeState } from './state.ts';

/** Rounds after which a folder whose files others change all the time is left for later. */
const rounds = 8;

/** How far a sync is. `bytes` are those of the file that is being sent or fetched. */
export interface SyncProgress {
  readonly phase: 'look' | 'pull' | 'fetch' | 'place' | 'push';
  readonly done: number;
  readonly total: number | undefined;
  readonly bytes?: number;
}

export interface SyncOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
  /** `push` only sends, `pull` only takes. Both unless said. */
  readonly direction?: 'both' | 'push' | 'pull';
}

/** What a sync has done. */
export interface SyncReport {
  /** Files written and removed here. */
  readonly written: number;
  readonly removed: number;
  /** Changes that went to the group. */
  readonly sent: number;
  readonly notices: readonly Notice[];
}

/**
 * Brings a folder and its group to the same state, in the way that docs/folder-sync.md tells. It may be killed at any
 * moment: the next run goes on. Where nothing has changed it is one call.
 * @throws {FolderBusy | FolderStateUnusable | NeverSettled}
 * @throws what calls throw; whatever is done by then stays done
 */
export async function sync(root: string, group: FileGroup, options: SyncOptions = {}): Promise<SyncReport> {
  await mkdir(ownFile(root, 'incoming'), { recursive: true });
  const release = await lockFolder(root);
  try {
    await removeLeftovers(ownFile(root, ''));
    return await new FolderSync(root, group, options).run();
  } finally {
    await release();
  }
}

class FolderSync {
  readonly #root: string;
  readonly #group: FileGroup;
  readonly #options: SyncOptions;
  readonly #notices = new Map<string, Notice>();
  #done = { written: 0, removed: 0, sent: 0 };

  constructor(root: string, group: FileGroup, options: SyncOptions) {
    this.#root = root;
    this.#group = group;
    this.#options = options;
  }

  async run(): Promise<SyncReport> {
    const { signal } = this.#options;
    const left = await resume(this.#root, (from) => Incoming.open(this.#root, from), signal);
    if (left !== undefined) this.#tell(left.notices);
    for (let round = 0; round < rounds; round++) {
      if (!(await this.#round())) return { ...this.#done, notices: [...this.#notices.values()] };
    }
    throw new NeverSettled(rounds);
  }

  /** @returns whether another is needed */
  async #round(): Promise<boolean> {
    const { direction = 'both', signal } = this.#options;
    const before = await readState(this.#root);
    const scanned = await this.#look(before);
    const incoming = await Incoming.open(this.#root, before.cursor);
    if (direction !== 'push') await this.#pull(before, scanned, incoming);
    const decided = await decide(this.#root, before, scanned, incoming);
    this.#tell([...scanned.notices, ...decided.notices]);
    signal?.throwIfAborted();
    const { state, stale, pushes } = await this.#place(before, scanned, incoming, decided);
    if (stale) return true;
    if (direction === 'pull' || pushes.length === 0) return false;
    return this.#sendIfAllowed(pushes, state);
  }

  /** What is known of the role may be old: a no, here or from the server, is asked for again. */
  async #sendIfAllowed(pushes: Plan['pushes'], state: FolderState): Promise<boolean> {
    if (!this.#group.canWrite) await this.#group.refresh(this.#work);
    try {
      if (this.#group.canWrite) return await this.#send(pushes, state);
    } catch (error) {
      if (!(error instanceof CallFailed) || error.code !== 'ROLE_REQUIRED') throw error;
      await this.#group.refresh(this.#work);
      if (this.#group.canWrite) throw error;
    }
    this.#tell(pushes.map(({ path }) => ({ kind: 'not-synced', path, detail: 'your role lets you read only' })));
    return false;
  }

  async #look(before: FolderState): Promise<Scan> {
    this.#progress({ phase: 'look', done: 0, total: undefined });
    const tracked = new Set(before.base.map(({ path }) => path));
    const { signal } = this.#options;
    return scan(this.#root, before.seen, { ignores: await readIgnoring(this.#root), tracked, signal });
  }

  /** One call where there is nothing to pull. */
  async #pull(before: FolderState, scanned: Scan, incoming: Incoming): Promise<void> {
    const work = this.#work;
    const { changed, expired, gone } = await this.#group.check(incoming.cursor, work);
    // It says why.
    if (gone) await this.#group.refresh(work);
    if (expired) await incoming.begin(before.cursor, true);
    const here = new Set(scanned.files.map(({ sha256 }) => sha256));
    if (!incoming.complete) await this.#lookAgain(before.refused, incoming, (sha256) => !here.has(sha256));
    if (!changed && !expired) return;
    const known = new Map(before.base.map(({ id, version }) => [id, version]));
    const take = async () => {
      for await (const { rows, cursor } of this.#group.pull(incoming.cursor, work)) {
        // What this folder has sent itself comes back.
        const news = incoming.complete ? rows : rows.filter(({ id, version }) => known.get(id) !== version);
        await incoming.add({ rows: news, cursor }, (sha256) => !here.has(sha256));
        this.#progress({ phase: 'pull', done: incoming.rows.length, total: undefined });
      }
    };
    await take().catch(async (error) => {
      if (!(error instanceof CallFailed) || error.code !== 'CURSOR_EXPIRED') throw error;
      await incoming.begin(before.cursor, true);
      await take();
    });
  }

  /** What did not open may open now: somebody has put it right, or given a key. One call each. */
  async #lookAgain(refused: FolderState['refused'], incoming: Incoming, wanted: (sha256: string) => boolean) {
    const { cursor } = incoming;
    if (cursor === null) return;
    for (const { id, state } of refused) {
      if (state !== 'unreadable' || incoming.rows.some((row) => row.id === id)) continue;
      const row = await this.#group.fetch(id, this.#work).catch((error) => {
        if (error instanceof ResourceRefused) return undefined;
        if (error instanceof CallFailed && error.code === 'RESOURCE_NOT_FOUND') return undefined;
        throw error;
      });
      if (row !== undefined && row.state !== 'unreadable') await incoming.add({ rows: [row], cursor }, wanted);
    }
  }

  async #place(before: FolderState, scanned: Scan, incoming: Incoming, decided: Plan) {
    const { respellings, writes, removals, base, refused, pushes } = decided;
    const intents = before.intents.filter(({ id }) => pushes.some((push) => push.id === id));
    const next = { base: [...base], refused: [...refused], intents, seen: scanned.seen };
    const after: FolderState = { v: 1, cursor: incoming.cursor, ...next, placed: randomUUID() };
    if (respellings.length + writes.length + removals.length === 0) {
      const state = { ...after, placed: before.placed };
      if (JSON.stringify(state) !== JSON.stringify(before)) await writeState(this.#root, state);
      if (incoming.cursor !== before.cursor) await incoming.clear(incoming.cursor);
      return { state, stale: false, pushes };
    }
    const contents = { root: this.#root, group: this.#group, incoming, work: this.#work };
    const whole = await fetchContents(contents, writes, scanned.files, [...base, ...before.base], (progress) =>
      this.#progress({ phase: 'fetch', ...progress }),
    );
    if (!whole) return { state: before, stale: true, pushes: [] };
    this.#progress({ phase: 'place', done: 0, total: writes.length + removals.length });
    const wanted = { respellings: [...respellings], writes: [...writes], removals: [...removals] };
    const placing = { v: 1 as const, ...wanted, before, after };
    const { state, notices, failed } = await place(this.#root, incoming, placing, this.#options.signal);
    this.#tell(notices);
    this.#done.written += writes.length - failed.size;
    this.#done.removed += removals.length;
    return { state, stale: false, pushes: pushes.filter(({ path }) => !failed.has(path)) };
  }

  async #send(pushes: Plan['pushes'], before: FolderState): Promise<boolean> {
    let done = 0;
    const total = pushes.length;
    this.#progress({ phase: 'push', done, total });
    const { notices, written, stale } = await send(pushes, before, {
      root: this.#root,
      group: this.#group,
      work: this.#work,
      save: (state) => writeState(this.#root, state),
      onSent: (files) => {
        done += files;
        this.#progress({ phase: 'push', done, total });
      },
      onBytes: (bytes) => this.#progress({ phase: 'push', done, total, bytes }),
    });
    this.#tell(notices);
    this.#done.sent += written;
    const mayPull = this.#options.direction !== 'push';
    if (stale && !mayPull) {
      this.#tell([{ kind: 'not-synced', path: '', detail: 'others have changed the same files: pull first' }]);
    }
    return mayPull && (stale || written > 0);
  }

  get #work(): Work {
    return { signal: this.#options.signal };
  }

  #progress(progress: SyncProgress): void {
    this.#options.onProgress?.(progress);
  }

  /** Once each, however many rounds find it. */
  #tell(notices: readonly Notice[]): void {
    for (const notice of notices) this.#notices.set(`${notice.kind} ${notice.path} ${notice.detail}`, notice);
  }
}

/** What is to be done, from the state, the folder and what has come. */
export async function decide(root: string, before: FolderState, scanned: Scan, incoming: Incoming): Promise<Plan> {
  const rows = new Map<string, RemoteRow>();
  for (const row of incoming.complete ? [] : before.refused) rows.set(row.id, row);
  for (const row of incoming.rows) rows.set(row.id, row);
  const remote = [...rows.values()];
  return plan({
    base: before.base,
    local: scanned.files,
    remote,
    complete: incoming.complete,
    intents: before.intents,
    obstacles: await findObstacles(root, remote, scanned.files),
    newId: () => `file_${randomBytes(16).toString('hex')}`,
  });
}
