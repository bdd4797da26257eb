import * as z from 'zod';
import { parseJson } from '../../../shared/crypto/json.ts';
import type { OpenChange } from '../../api/changes.ts';
import type { Group } from '../../api/group.ts';
import { type FileContent, fileContent, fileType } from '../../folder/file-format.ts';
import { elsewhere } from '../../insomnia/elsewhere.ts';

type Content = Pick<OpenChange, 'type' | 'content' | 'blobIds'>;

/** What is left of a file that was removed. */
const removedFile = z.strictObject({ path: z.string() });

/** A file of a synced folder. Its name is encrypted with its content: the server sees neither. */
export interface SyncedFile {
  readonly path: string;
  /** None for one that was removed. */
  readonly content?: FileContent;
}

/** @returns undefined when it is no file, or of a format that these pages do not know */
export function fileIn({ type, content }: Content): SyncedFile | undefined {
  if (type !== fileType) return undefined;
  const json = parseJson(content);
  const file = fileContent.safeParse(json).data;
  return file === undefined ? removedFile.safeParse(json).data : { path: file.path, content: file };
}

/** What a resource is called. A file of a newer format says nothing but that it is one. */
export const titleOf = ({ type, name }: Pick<OpenChange, 'type' | 'name'>, file: SyncedFile | undefined): string =>
  file?.path || name || (type === fileType ? 'A file' : '(no name)');

/** The bytes of something, or where they are. */
export type Bytes = Pick<FileContent, 'text' | 'base64' | 'blob'>;

/** Where the content of an item is that is too long for its resource. */
function elsewhereIn({ content, blobIds = [] }: Content) {
  const blob = blobIds.length === 0 ? undefined : elsewhere.safeParse(parseJson(content)).data?.blob;
  return blob && { size: blob.size, blob };
}

/** @returns undefined for a blob, whose bytes are elsewhere */
function bytesIn({ text, base64 }: Bytes): Uint8Array<ArrayBuffer> | undefined {
  if (text !== undefined) return new TextEncoder().encode(text);
  if (base64 === undefined) return undefined;
  const latin = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(latin, (character) => character.charCodeAt(0));
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @returns undefined for what is no text, whatever its spelling: some texts are shorter in base64 */
export function textIn(file: Bytes): string | undefined {
  try {
    const bytes = bytesIn(file);
    const text = bytes && utf8.decode(bytes);
    return text?.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** What a page gets of a content. */
export interface Shown {
  /** What can be read: of a file its text, where it is one and stands in the resource. */
  readonly content: string | undefined;
  /** What can be saved: its bytes, and whether they are too many to be shown. */
  readonly file: { readonly size: number; readonly large: boolean } | undefined;
}

/** What can be saved as a file. */
export const savedIn = (change: Content) => fileIn(change)?.content ?? elsewhereIn(change);

export function shownOf(change: Content): Shown {
  const saved = savedIn(change);
  if (saved !== undefined) {
    return { content: textIn(saved), file: { size: saved.size, large: saved.blob !== undefined } };
  }
  // Of a removed file only its path is left.
  return { content: fileIn(change) === undefined ? change.content : undefined, file: undefined };
}

/** So that nothing ever shows it as a page of this server. */
const type = 'application/octet-stream';

/** The whole content in the clear. @throws {BlobTampered} */
export async function wholeOf(group: Group, file: Bytes): Promise<Blob> {
  if (file.blob === undefined) return new Blob([bytesIn(file) ?? ''], { type });
  const stream = await group.blobs.download(file.blob);
  return new Response(stream, { headers: { 'content-type': type } }).blob();
}
