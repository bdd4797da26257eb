import { createReadStream } from 'node:fs';
import type { Account } from '../api/account.ts';
import type { Group } from '../api/group.ts';
import type { Draft, OpenResource } from '../changes.ts';
import { spell, unspell } from './file-content.ts';
import { fileContent, fileName, fileType } from './file-format.ts';
import type { FileDraft, FileGroup, FileVerdict, PulledRow, Work } from './group-port.ts';
import { inlineBytes } from './inline.ts';

/** A group of the SDK as the sync of a folder wants it. */
export function fileGroup(account: Account, group: Group): FileGroup {
  return {
    id: group.id,
    get canWrite() {
      return group.role !== 'viewer';
    },
    refresh: ({ signal }) => group.refresh({ signal }),
    async check(cursor, { signal }) {
      const { groups } = await account.groups.check([{ group, cursor }], { signal });
      const [news] = groups;
      return { changed: news?.changed ?? true, expired: news?.cursorExpired ?? false, gone: news === undefined };
    },
    async *pull(cursor, { signal }) {
      const unreadable: PulledRow[] = [];
      const pages = group.changes.pages({
        cursor,
        signal,
        onRefused: ({ id, cause }) => {
          unreadable.push({ state: 'unreadable', id, version: '', reason: cause.message });
        },
      });
      for await (const { changes, cursor: next } of pages) {
        yield { rows: [...changes.flatMap(rowOf), ...unreadable.splice(0)], cursor: next };
      }
    },
    async fetch(id, { signal }) {
      for await (const version of group.history(id, { signal })) return rowOf(version)[0];
      return undefined;
    },
    async push(drafts, { signal }) {
      const verdicts = await group.changes.push(drafts.map(draftOf), { signal });
      return verdicts.map(({ status, version, code }): FileVerdict => {
        if (status === 'conflict') return { kind: 'stale' };
        if (status === 'rejected') return { kind: code === 'BLOB_MISSING' ? 'blob-missing' : 'too-large' };
        return { kind: 'written', version: version ?? '' };
      });
    },
    isInline: (content) => content.length <= inlineBytes,
    upload: (path, work: Work) => group.blobs.upload(() => createReadStream(path), work),
    download: async (blob, work: Work) => group.blobs.download(blob, work),
  };
}

function rowOf({ id, type, version, removed, lastEdited, content }: OpenResource): PulledRow[] {
  if (type !== fileType) return [];
  if (removed) return [{ state: 'removed', id, version }];
  const read = readContent(content);
  if (read === undefined) {
    return [{ state: 'unreadable', id, version, reason: 'its content is of a kind that this program does not know' }];
  }
  const { path, size, sha256, blob } = read;
  return [{ state: 'file', id, version, path, size, sha256, edited: lastEdited, blob, content: unspell(read) }];
}

function readContent(content: string) {
  try {
    return fileContent.safeParse(JSON.parse(content)).data;
  } catch {
    return undefined;
  }
}

function draftOf(draft: FileDraft): Draft {
  const { id, baseVersion } = draft;
  const open = { id, type: fileType, name: fileName, baseVersion };
  if (draft.removed)
    return { ...open, removed: true, lastEdited: Date.now(), content: JSON.stringify({ path: draft.path }) };
  const { path, size, sha256, edited: lastEdited, content, blob } = draft;
  const where = blob === undefined ? spell(content ?? Buffer.alloc(0)) : { blob };
  return {
    ...open,
    lastEdited,
    content: JSON.stringify({ format: 'nightvault-file-1', path, size, sha256, ...where }),
    ...(blob === undefined ? {} : { blobIds: [blob.blobId] }),
  };
}
