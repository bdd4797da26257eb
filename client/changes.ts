import type * as z from 'zod';
import { decryptMessage, encryptMessage, parseMessage, resourceAd } from '../shared/crypto/message.ts';
import { type ChangeResult, changesPull, changesPush, type Resource } from '../shared/protocol/changes.ts';
import { type Group, keyOf } from './group.ts';
import type { Session } from './log-in.ts';
import { AnswerContradictory } from './refusals.ts';

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
  /** Blobs of the group that the content refers to: they stay as long as a kept version names them. */
  readonly blobIds?: string[] | undefined;
}

/** A resource as its group's members see it. */
export type OpenResource = Opened<Resource>;

/** A row of the wire with its content in the clear. */
export type Opened<Row extends Resource> = Omit<Row, 'encContent'> & { readonly content: string };

/** An encrypted draft, ready to push. */
export type SealedChange = z.input<typeof changesPush.input>['changes'][number];

export type Page = z.output<typeof changesPull.output>;

/** Encrypts a draft under the group's newest key, bound to its place: group, id and key epoch. */
export async function sealResource(group: Group, draft: Draft): Promise<SealedChange> {
  const { id, type, name, content, baseVersion, lastEdited, removed = false, blobIds } = draft;
  const { keyEpoch } = group;
  const message = await encryptMessage(keyOf(group, keyEpoch), content, resourceAd(group.id, id, keyEpoch));
  // Named one by one: whatever else an object of the caller's holds stays here.
  return { id, type, name, baseVersion, removed, lastEdited, encContent: JSON.stringify(message), blobIds };
}

/**
 * Decrypts what a pull gave, or the `current` of a conflict.
 * @throws {MessageMisplaced} when the content belongs to another group, resource or key epoch
 * @throws {MessageTampered} when it was changed
 * @throws {GroupKeyMissing} when it is under a key this program has never had
 */
export async function openResource<Row extends Resource>(
  group: Group,
  { encContent, ...open }: Row,
): Promise<Opened<Row>> {
  const expectedAd = resourceAd(group.id, open.id, open.keyEpoch);
  const content = await decryptMessage(keyOf(group, open.keyEpoch), parseMessage(encContent), { expectedAd });
  return { ...open, content };
}

/** How a push is sent. */
export interface PushOptions {
  /** All or nothing. */
  readonly atomic?: boolean;
  /** Of an earlier attempt with the same changes, whose answer was lost. */
  readonly idempotencyKey?: string;
}

/**
 * Sends sealed changes, at most `limits.pushChanges` of them; each gets a verdict of its own, in their order.
 * A change that stands in conflict was not written, and nothing of the other side's was lost: see its `current`.
 * @throws {CallFailed} `KEY_EPOCH_STALE`, `ROLE_REQUIRED`, `GROUP_NOT_FOUND`
 * @throws {AnswerContradictory} when the verdicts are not exactly those on these changes
 */
export async function push(session: Session, group: Group, changes: SealedChange[]): Promise<ChangeResult[]> {
  return (await pushAt(session, group, changes)).results;
}

/** The same, with the group's revision; the changes may have been sealed at an earlier epoch than the group's. */
export async function pushAt(
  { connection }: Session,
  { id: groupId, keyEpoch }: Pick<Group, 'id' | 'keyEpoch'>,
  changes: SealedChange[],
  { atomic = false, idempotencyKey }: PushOptions = {},
) {
  const wanted = { groupId, keyEpoch, changes, atomic };
  const answer = await connection.post('changes-push', changesPush, wanted, idempotencyKey);
  requireVerdicts(changes, answer.results);
  return answer;
}

function requireVerdicts(changes: readonly SealedChange[], results: readonly ChangeResult[]): void {
  const wrong = (what: string) => new AnswerContradictory('changes-push', what);
  if (results.length !== changes.length) {
    throw wrong(`${results.length} verdicts on ${changes.length} changes`);
  }
  for (const [index, { id, status, version, current }] of results.entries()) {
    if (id !== changes[index]?.id) throw wrong('a verdict is on a resource that was not sent, or out of its turn');
    if (current !== undefined && current.id !== id) throw wrong('a conflict shows another resource');
    const written = status === 'created' || status === 'updated' || status === 'removed';
    if (written && version === null) throw wrong('what was written has no version');
  }
}

/**
 * Every page of changes after a cursor, oldest change first. A page's cursor may be kept for the next pull.
 * @param cursor from an earlier page of this group; none means: from the start
 * @throws {CallFailed} `GROUP_NOT_FOUND` when the caller's link is gone, `CURSOR_EXPIRED`
 */
export async function* pull(session: Session, group: Group, cursor: string | null = null): AsyncGenerator<Page> {
  let page: Page | undefined;
  do {
    page = await pullPage(session, group, page?.cursor ?? cursor);
    yield page;
  } while (page.more);
}

/** One of them. */
export function pullPage(
  { connection }: Session,
  { id: groupId }: Pick<Group, 'id'>,
  cursor: string | null,
): Promise<Page> {
  return connection.post('changes-pull', changesPull, { groupId, cursor });
}
