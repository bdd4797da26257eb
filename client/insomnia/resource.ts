import * as z from 'zod';
import { encodeHex } from '../../shared/crypto/hex.ts';
import { clientId, name as wireName } from '../../shared/protocol/fields.ts';
import { limits } from '../../shared/protocol/limits.ts';

/** One item of an Insomnia project, ready to be encrypted. */
export interface InsomniaResource {
  /** Insomnia's own, wherever the wire takes it. */
  readonly id: string;
  /** Insomnia's name for it: `Request`, `RequestGroup`, `Environment`, … */
  readonly type: string;
  /** The server sees it. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly lastEdited: number;
  /** JSON. */
  readonly content: string;
}

/** What of a resource an export is joined from. */
export type JoinableResource = Pick<InsomniaResource, 'id' | 'type' | 'content'>;

const time = z.int().min(0);

/** The id itself, or one made from it where the wire does not take it: `__WORKSPACE_ID__` of generated files. */
export async function resourceId(insomniaId: string): Promise<string> {
  if (clientId.safeParse(insomniaId).success) return insomniaId;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(insomniaId));
  return `insomnia_${encodeHex(new Uint8Array(digest)).slice(0, 32)}`;
}

/** As much of a name as the wire takes. */
export function resourceName(...candidates: readonly (string | undefined)[]): string {
  const wanted = candidates.find((each) => each !== undefined && each !== '') ?? '';
  const clean = wanted.toWellFormed().replace(/\p{Cc}+/gu, ' ');
  const name = clean.slice(0, limits.nameCharacters).toWellFormed();
  return wireName.parse(name);
}

export const resourceTime = (modified: unknown): number => time.safeParse(modified).data ?? 0;
