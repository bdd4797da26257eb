import { dirname, relative, resolve, sep } from 'node:path';
import { unspell } from '../folder/file-content.ts';
import { fileContent, fileType } from '../folder/file-format.ts';
import { readState } from '../folder/state.ts';
import type { Group, OpenVersion, Until } from '../index.ts';
import type { Context } from './context.ts';
import { CommandFailed, usage } from './failures.ts';
import { requireFolder, type SyncFolder } from './folder-of.ts';

/** One version of a file. */
export interface FileVersion {
  readonly version: string;
  readonly written: number;
  /** An account. */
  readonly by: string;
  readonly removed: boolean;
  readonly size?: number;
  readonly path?: string;
}

/** A file that is meant by a path, and what its group knows of it. */
export async function syncedFile(context: Context, given: string) {
  const full = resolve(context.world.cwd, given);
  const folder: SyncFolder = await requireFolder(context, dirname(full));
  const path = relative(folder.root, full).split(sep).join('/').normalize('NFC');
  const group = await context.group(folder.settings.groupId);
  const { base } = await readState(folder.root);
  const id = base.find((file) => file.path === path)?.id ?? (await lastCalled(group, path, context));
  if (id === undefined) {
    const why = `No file of the group is called ${path}, nor was one that is removed.`;
    const remedy = 'Sync first; see nightvault status. One that was renamed is known by the name it has now.';
    throw usage('There is no such file in the group.', why, remedy);
  }
  return { folder, root: folder.root, path, id, group: new FileVersions(group) };
}

/** The resource that had this name last, removed ones included. */
async function lastCalled(group: Group, path: string, { signal }: Until): Promise<string | undefined> {
  let found: string | undefined;
  const options = { cursor: null, signal, onRefused: () => {} };
  for await (const { id, type, content } of group.changes.pull(options)) {
    if (type === fileType && pathIn(content) === path) found = id;
  }
  return found;
}

function pathIn(content: string): string | undefined {
  try {
    const { path } = JSON.parse(content) as { path?: unknown };
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The versions of a group's files. */
export class FileVersions {
  readonly #group: Group;

  constructor(group: Group) {
    this.#group = group;
  }

  members(until: Until) {
    return this.#group.members(until);
  }

  /** Newest first. */
  async versions(id: string, until: Until): Promise<FileVersion[]> {
    const all: FileVersion[] = [];
    for await (const each of this.#group.history(id, until)) all.push(versionOf(each));
    return all;
  }

  /** The content that stands; undefined when the file is removed. */
  async read(id: string, until: Until): Promise<Buffer | undefined> {
    for await (const { removed, content } of this.#group.history(id, until)) {
      if (removed) return undefined;
      const file = fileContent.parse(JSON.parse(content));
      if (file.blob === undefined) return unspell(file);
      const chunks: Uint8Array[] = [];
      for await (const chunk of await this.#group.blobs.download(file.blob, until)) chunks.push(chunk);
      return Buffer.concat(chunks);
    }
    return undefined;
  }

  /** @param standing the version that stands, as far as is known */
  async restore(id: string, version: string, standing: string, until: Until): Promise<void> {
    const { status } = await this.#group.restore({ id, version }, standing, until);
    if (status !== 'conflict') return;
    throw new CommandFailed('refused', 'VERSION_CONFLICT', {
      what: 'Somebody was faster.',
      why: 'Another version stands now than a moment ago.',
      remedy: 'See nightvault history, and try again.',
    });
  }
}

function versionOf({ version, written, lastEditedBy: by, removed, content }: OpenVersion): FileVersion {
  const file = removed ? undefined : fileContent.safeParse(parsed(content)).data;
  return { version, written, by, removed, ...(file === undefined ? {} : { size: file.size, path: file.path }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
