import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { errorCode, replaceFile } from './disk.ts';
import { FolderStateUnusable } from './failures.ts';
import { blobReference } from './file-format.ts';
import { ownFolder } from './paths.ts';

const mark = { path: z.string(), sha256: z.string(), size: z.int() };
const remoteFile = z.object({
  ...mark,
  edited: z.number(),
  id: z.string(),
  version: z.string(),
  blob: blobReference.optional(),
});
export const remoteRow = z.discriminatedUnion('state', [
  remoteFile.extend({ state: z.literal('file') }),
  z.object({ state: z.literal('removed'), id: z.string(), version: z.string() }),
  z.object({ state: z.literal('unreadable'), id: z.string(), version: z.string(), reason: z.string() }),
]);

/** What a file looked like when it was last read: while it looks so, its content is the same. */
const seen = z.object({ sha256: z.string(), size: z.int(), looks: z.string(), at: z.number() });
export type Seen = z.infer<typeof seen>;

/** What sync remembers of a folder: all of it is of one moment, and true. */
export const folderState = z.object({
  v: z.literal(1),
  cursor: z.string().nullable(),
  base: z.array(remoteFile),
  refused: z.array(remoteRow),
  intents: z.array(z.object({ id: z.string(), path: z.string(), sha256: z.string() })),
  seen: z.record(z.string(), seen),
  /** Which work on the folder was the last to be done to its end. */
  placed: z.string().nullable(),
});
export type FolderState = z.infer<typeof folderState>;

export const emptyState: FolderState = {
  v: 1,
  cursor: null,
  base: [],
  refused: [],
  intents: [],
  seen: {},
  placed: null,
};

const settings = z.object({ v: z.literal(1), server: z.string(), groupId: z.string(), groupName: z.string() });
/** Which group a folder belongs to. */
export type FolderSettings = z.infer<typeof settings>;

/** A file of ours in the folder's own folder. */
export const ownFile = (root: string, name: string): string => join(root, ownFolder, name);

/** @returns undefined when it is not there @throws {FolderStateUnusable} */
export async function readOwn<Schema extends z.ZodType>(
  root: string,
  name: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const path = ownFile(root, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new FolderStateUnusable(path);
  }
}

export const writeOwn = (root: string, name: string, value: unknown): Promise<void> =>
  replaceFile(ownFile(root, name), JSON.stringify(value));

export const readState = async (root: string): Promise<FolderState> =>
  (await readOwn(root, 'state.json', folderState)) ?? emptyState;

export const writeState = (root: string, state: FolderState): Promise<void> => writeOwn(root, 'state.json', state);

export const readSettings = (root: string): Promise<FolderSettings | undefined> =>
  readOwn(root, 'folder.json', settings);

export const writeSettings = (root: string, wanted: FolderSettings): Promise<void> =>
  writeOwn(root, 'folder.json', wanted);
