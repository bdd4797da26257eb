import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { copy, errorCode, flushFolder, hashFile, look, replaceFile } from './disk.ts';
import type { PulledPage } from './group-port.ts';
import { inParallel } from './in-parallel.ts';
import type { RemoteRow } from './plan/types.ts';
import { ownFile, remoteRow } from './state.ts';

const folder = 'incoming';
const writtenAtOnce = 16;
const header = z.object({ from: z.string().nullable(), complete: z.boolean() });
const line = z.object({ cursor: z.string().nullable(), rows: z.array(remoteRow) });

/**
 * What has come and is not in place yet. It survives the program: a pull goes on at its last whole page, and no content
 * is fetched twice. Contents stand under their hash.
 */
export class Incoming {
  readonly #root: string;
  readonly #rows = new Map<string, RemoteRow>();
  #cursor: string | null = null;
  /** Whether it began at the beginning, and so lists everything. */
  complete = false;

  private constructor(root: string) {
    this.#root = root;
  }

  /** @param from the cursor of the state: pages that continue another one are of no use */
  static async open(root: string, from: string | null): Promise<Incoming> {
    const incoming = new Incoming(root);
    await mkdir(ownFile(root, folder), { recursive: true });
    await incoming.#load(from);
    return incoming;
  }

  async #load(from: string | null): Promise<void> {
    this.#cursor = from;
    const text = await readFile(this.#journal, 'utf8').catch(() => '');
    const [first, ...lines] = text.split('\n');
    const head = parse(header, first ?? '');
    if (head === undefined || head.from !== from) return this.begin(from, false);
    this.complete = head.complete;
    if (head.complete) this.#cursor = null;
    // A program that is killed may leave its last line unfinished.
    for (const each of lines) {
      const page = parse(line, each);
      if (page !== undefined) this.#take(page);
    }
  }

  get #journal(): string {
    return ownFile(this.#root, 'incoming.jsonl');
  }

  #take({ cursor, rows }: z.infer<typeof line>): void {
    for (const row of rows) this.#rows.set(row.id, row);
    this.#cursor = cursor;
  }

  /** To pull on from. */
  get cursor(): string | null {
    return this.#cursor;
  }

  get rows(): RemoteRow[] {
    return [...this.#rows.values()];
  }

  /** Forgets the pages there are. */
  async begin(from: string | null, complete: boolean): Promise<void> {
    this.#rows.clear();
    this.#cursor = complete ? null : from;
    this.complete = complete;
    await replaceFile(this.#journal, `${JSON.stringify({ from, complete })}\n`);
  }

  /** @param wanted whether a row's content is to be kept */
  async add({ rows, cursor }: PulledPage, wanted: (sha256: string) => boolean): Promise<void> {
    const kept = new Map<string, RemoteRow>();
    await inParallel(rows, writtenAtOnce, async ({ content, ...row }) => {
      const keep = row.state === 'file' && content !== undefined && wanted(row.sha256);
      kept.set(row.id, keep ? await this.#keep(row, content) : row);
    });
    await this.#append({ cursor, rows: rows.flatMap(({ id }) => kept.get(id) ?? []) });
  }

  /** From now on a row is not one that can be had. */
  async refuse(row: RemoteRow): Promise<void> {
    await this.#append({ cursor: this.#cursor, rows: [row] });
  }

  async #append(page: z.infer<typeof line>): Promise<void> {
    const handle = await open(this.#journal, 'a');
    try {
      await handle.writeFile(`${JSON.stringify(page)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.#take(page);
  }

  async #keep(row: Extract<RemoteRow, { state: 'file' }>, content: Buffer): Promise<RemoteRow> {
    const kept = await this.receive(row, [content]);
    if (kept) return row;
    const { id, version } = row;
    return { state: 'unreadable', id, version, reason: 'its content is not what its own hash says' };
  }

  /**
   * Keeps a content, flushed.
   * @returns false when it is not what its hash says; then nothing is kept
   */
  async receive(
    { sha256, size }: { readonly sha256: string; readonly size: number },
    content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): Promise<boolean> {
    const path = this.pathOf(sha256);
    if ((await look(path)) !== undefined) return true;
    const temporary = join(ownFile(this.#root, folder), `${randomUUID()}.part`);
    const hash = createHash('sha256');
    let got = 0;
    try {
      const handle = await open(temporary, 'wx');
      try {
        for await (const chunk of content) {
          hash.update(chunk);
          got += chunk.length;
          await handle.writeFile(chunk);
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (hash.digest('hex') !== sha256 || got !== size) return false;
      await rename(temporary, path);
      return true;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** Keeps a copy of a file of the folder. @returns false when it is not that content any more */
  async keepCopy(file: string, sha256: string): Promise<boolean> {
    const path = this.pathOf(sha256);
    if ((await look(path)) !== undefined) return true;
    const temporary = join(ownFile(this.#root, folder), `${randomUUID()}.part`);
    try {
      await copy(file, temporary);
      if ((await hashFile(temporary)).sha256 !== sha256) return false;
      await rename(temporary, path);
      return true;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async has(sha256: string): Promise<boolean> {
    return (await look(this.pathOf(sha256))) !== undefined;
  }

  pathOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('That is no hash.');
    return join(ownFile(this.#root, folder), sha256);
  }

  /** All names are on the disk. */
  async flush(): Promise<void> {
    await flushFolder(ownFile(this.#root, folder));
  }

  /** All of it is in place: what was kept can go. */
  async clear(from: string | null): Promise<void> {
    await this.begin(from, false);
    for (const name of await readdir(ownFile(this.#root, folder))) await rm(join(ownFile(this.#root, folder), name));
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
