import { collisionKey, foldersOf } from '../../../../client/folder/paths.ts';
import { plan } from '../../../../client/folder/plan/plan.ts';
import type { Intent, LocalFile, Push, RemoteFile, RemoteRow } from '../../../../client/folder/plan/types.ts';

/** A content is its own hash, padded as hashes are. */
const asHash = (content: string) => content.padEnd(64, '0');

const markOf = (path: string, content: string): LocalFile => ({
  path,
  sha256: asHash(content),
  size: content.length,
  edited: 1_700_000_000_000,
});

/** The group: what stands of each resource, and in which order it came. */
export class ModelGroup {
  readonly #rows = new Map<string, { row: RemoteRow; revision: number }>();
  #revision = 0;

  /** What was written after a revision, and the revision it leads to. */
  since(revision: number): { rows: RemoteRow[]; revision: number } {
    const later = [...this.#rows.values()].filter((each) => each.revision > revision);
    return { rows: later.map(({ row }) => row), revision: this.#revision };
  }

  /** @returns the version, or undefined for a conflict */
  push(push: Push): string | undefined {
    const current = this.#rows.get(push.id)?.row.version ?? null;
    if (current !== push.baseVersion) return undefined;
    this.#revision += 1;
    const version = `v${this.#revision}`;
    const { id } = push;
    const row: RemoteRow = push.removed
      ? { state: 'removed', id, version }
      : { state: 'file', ...markOf(push.path, push.sha256), size: push.size, id, version };
    this.#rows.set(id, { row, revision: this.#revision });
    return version;
  }

  files(): Map<string, string> {
    const rows = [...this.#rows.values()].flatMap(({ row }) => (row.state === 'file' ? [row] : []));
    return new Map(rows.map(({ path, sha256 }) => [path, sha256]));
  }

  get count(): number {
    return [...this.#rows.values()].filter(({ row }) => row.state === 'file').length;
  }
}

/** A folder and what sync remembers of it. */
export class ModelFolder {
  readonly files = new Map<string, string>();
  readonly #group: ModelGroup;
  readonly #name: string;
  #base: readonly RemoteFile[] = [];
  #refused: readonly RemoteRow[] = [];
  #intents: Intent[] = [];
  #revision = 0;
  #made = 0;

  constructor(group: ModelGroup, name: string) {
    this.#group = group;
    this.#name = name;
  }

  /** Whether a person could make a file of this name here. */
  hasRoomFor(path: string): boolean {
    const key = collisionKey(path);
    return [...this.files.keys()].every((each) => {
      const other = collisionKey(each);
      return each === path || (other !== key && !foldersOf(key).includes(other) && !foldersOf(other).includes(key));
    });
  }

  /** The same file under its own hash. */
  write(path: string, content: string): void {
    this.files.set(path, asHash(content));
  }

  #plan() {
    const { rows, revision } = this.#group.since(this.#revision);
    const fresh = new Set(rows.map(({ id }) => id));
    const input = {
      base: this.#base,
      local: [...this.files].map(([path, sha256]) => markOf(path, sha256)),
      remote: [...this.#refused.filter(({ id }) => !fresh.has(id)), ...rows],
      intents: this.#intents,
      obstacles: new Map<string, string>(),
      newId: () => `${this.#name}${String(this.#made++).padStart(4, '0')}`,
    };
    return { decided: plan(input), revision };
  }

  /** First half of a sync: the group's changes come here. */
  receive(): readonly Push[] {
    const { decided, revision } = this.#plan();
    for (const { from, to } of decided.respellings) this.#respell(from, to);
    const contents = new Map([...this.files.values()].map((sha256) => [sha256, sha256]));
    for (const { path, sha256, expected } of decided.writes) {
      if ((this.files.get(path) ?? null) !== expected) throw new Error(`${path} is not what the plan expects`);
      this.files.set(path, contents.get(sha256) ?? sha256);
    }
    for (const { path, sha256 } of decided.removals) {
      if (this.files.get(path) !== sha256) throw new Error(`${path} was to be removed and is something else`);
      this.files.delete(path);
    }
    this.#mustStand();
    this.#base = decided.base;
    this.#refused = decided.refused;
    this.#revision = revision;
    this.#intents = decided.pushes.flatMap((each) => (each.removed ? [] : [each]));
    return decided.pushes;
  }

  /** A real folder has no two such names. */
  #mustStand() {
    for (const path of this.files.keys()) if (!this.hasRoomFor(path)) throw new Error(`There is no room for ${path}`);
  }

  #respell(from: string, to: string) {
    const content = this.files.get(from);
    if (content === undefined || this.files.has(to)) throw new Error(`${from} cannot become ${to}`);
    this.files.delete(from);
    this.files.set(to, content);
  }

  /** Second half: this folder's changes go to the group. `answered` of them are remembered before the program dies. */
  send(pushes: readonly Push[], sent = pushes.length, answered = sent): boolean {
    let settled = true;
    for (const [index, push] of pushes.slice(0, sent).entries()) {
      const version = this.#group.push(push);
      if (version === undefined) settled = false;
      else if (index < answered) this.#remember(push, version);
    }
    if (answered === pushes.length) this.#intents = [];
    return settled;
  }

  #remember(push: Push, version: string) {
    const others = this.#base.filter(({ id }) => id !== push.id);
    this.#base = push.removed ? others : [...others, { ...markOf(push.path, push.sha256), id: push.id, version }];
  }

  /** Both, to the end. */
  sync(): void {
    for (let round = 0; round < 20; round++) if (this.send(this.receive())) return;
    throw new Error(`${this.#name} does not come to an end`);
  }

  /** Whether another sync would do nothing. */
  get isQuiet(): boolean {
    const { respellings, writes, removals, pushes } = this.#plan().decided;
    return respellings.length + writes.length + removals.length + pushes.length === 0;
  }
}
