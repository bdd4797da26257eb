import type * as z from 'zod';
import { decryptMessage, encryptMessage, parseMessage, resourceAd } from '../shared/crypto/message.ts';
import { type ChangeResult, changesPull, changesPush, type Resource } from '../shared/protocol/changes.ts';
import { type Group, keyOf } from './group.ts';
import type { Session } from './log-in.ts';

/** A resource in the clear, about to be pushed. */
export interface Draft {
  readonly id: string;
  /** The server sees the type and the name. */
  readonly type: string;
  readonly name: string;
  /** What only members can read; JSON, as a rule. */
  readonly content: string;
  /** The version this draft was made from, null for a new resource. */
  readonly baseVersion: string | null;
  /** Milliseconds since 1970. */
  readonly lastEdited: number;
  readonly removed?: boolean;
}

/** A resource as its group's members see it. */
export type OpenResource = Omit<Resource, 'encContent'> & { readonly content: string };

/** An encrypted draft, ready to push. */
export type SealedChange = z.input<typeof changesPush.input>['changes'][number];

export type Page = z.output<typeof changesPull.output>;

/** Encrypts a draft under the group's newest key, bound to its place: group, id and key epoch. */
export async function sealResource(group: Group, { content, removed = false, ...open }: Draft): Promise<SealedChange> {
  const { id, keyEpoch } = group;
  const message = await encryptMessage(keyOf(group, keyEpoch), content, resourceAd(id, open.id, keyEpoch));
  return { ...open, removed, encContent: JSON.stringify(message) };
}

/**
 * Decrypts what a pull gave, or the `current` of a conflict.
 * @throws {MessageMisplaced} when the content belongs to another group, resource or key epoch
 * @throws {MessageTampered} when it was changed
 * @throws {GroupKeyMissing} when it is under a key this program has never had
 */
export async function openResource(group: Group, { encContent, ...open }: Resource): Promise<OpenResource> {
  const expectedAd = resourceAd(group.id, open.id, open.keyEpoch);
  const content = await decryptMessage(keyOf(group, open.keyEpoch), parseMessage(encContent), { expectedAd });
  return { ...open, content };
}

/**
 * Sends sealed changes, at most `limits.pushChanges` of them; each gets a verdict of its own, in their order.
 * A change that stands in conflict was not written, and nothing of the other side's was lost: see its `current`.
 * @throws {CallFailed} `KEY_EPOCH_STALE`, `ROLE_REQUIRED`, `GROUP_NOT_FOUND`
 */
export async function push(
  { connection }: Session,
  { id: groupId, keyEpoch }: Group,
  changes: SealedChange[],
): Promise<ChangeResult[]> {
  return (await connection.post('changes-push', changesPush, { groupId, keyEpoch, changes })).results;
}

/**
 * Every page of changes after a cursor, oldest change first. A page's cursor may be kept for the next pull.
 * @param cursor from an earlier page of this group; none means: from the start
 * @throws {CallFailed} `GROUP_NOT_FOUND` when the caller's link is gone, `CURSOR_EXPIRED`
 */
export async function* pull(
  { connection }: Session,
  { id: groupId }: Group,
  cursor: string | null = null,
): AsyncGenerator<Page> {
  let page: Page | undefined;
  do {
    page = await connection.post('changes-pull', changesPull, { groupId, cursor: page?.cursor ?? cursor });
    yield page;
  } while (page.more);
}
