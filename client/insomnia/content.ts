import { parseJson } from '../../shared/crypto/json.ts';
import { sha256 } from '../folder/disk.ts';
import { inlineCharacters } from '../folder/inline.ts';
import type { Group, Until } from '../index.ts';
import { type Elsewhere, elsewhere } from './elsewhere.ts';
import { InsomniaProjectUnusable } from './failures.ts';

/** A content as its resource holds it. */
export interface StoredContent {
  readonly content: string;
  readonly blobIds?: string[];
}

/** @returns where a content is that does not stand in the resource itself */
const elsewhereOf = (stored: string): Elsewhere | undefined => elsewhere.safeParse(parseJson(stored)).data;

/** What is short stands in the resource, as Insomnia's own clients have it; what is not is uploaded. @throws {BlobTooLarge} */
export async function store(group: Group, content: string, until: Until): Promise<StoredContent> {
  if (encodeURIComponent(content).length <= inlineCharacters) return { content };
  const bytes = new TextEncoder().encode(content);
  const blob = await group.blobs.upload(bytes, until);
  const reference: Elsewhere = { format: 'nightvault-blob-1', sha256: sha256(bytes), blob };
  return { content: JSON.stringify(reference), blobIds: [blob.blobId] };
}

/** Whether a resource holds this content; nothing is fetched for it. */
export function holds(stored: string, content: string): boolean {
  const there = elsewhereOf(stored);
  return there === undefined ? stored === content : there.sha256 === sha256(new TextEncoder().encode(content));
}

/**
 * The content of a resource, wherever it is.
 * @throws {InsomniaProjectUnusable} when it is not what was written
 * @throws {CallFailed} `BLOB_NOT_FOUND`
 */
export async function fetched(group: Group, { id, content }: { id: string; content: string }, until: Until) {
  const there = elsewhereOf(content);
  if (there === undefined) return content;
  const bytes = new Uint8Array(await new Response(await group.blobs.download(there.blob, until)).arrayBuffer());
  if (sha256(bytes) !== there.sha256) {
    throw new InsomniaProjectUnusable(`the content of the resource ${id} is not what its own hash says`);
  }
  return new TextDecoder().decode(bytes);
}
