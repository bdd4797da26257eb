import { randomBytes } from 'node:crypto';
import type { Platform } from '../../shared/platform/context.ts';
import type { ProblemDocument } from '../../shared/protocol/problems.ts';
import { type BlobsOf, blobsOf, sampleBlob, twoParts } from './blobs.ts';
import { callInProcess, jsonRequest } from './in-process.ts';
import { attemptLogin, beginLogin, type Member, newGroup, wrappedKey } from './people.ts';
import type { TestStack } from './stack.ts';
import { change, shareWith, write } from './sync.ts';
import { type WholeDocument, wholeStore } from './whole-store.ts';

/** What a call that must succeed answers; with an `Idempotency-Key`, so that it leaves a record. */
export async function must(stack: TestStack, name: string, { token }: Member, body: object): Promise<unknown> {
  const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
  const answer = await stack.call(name, { token, body, headers });
  if (answer.status >= 300) throw new Error(`${name} answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

/** Groups of every kind that Jane can leave behind, with Bob in them, and something of every kind in each. */
export interface Estate {
  /** Nobody but Jane. */
  readonly alone: string;
  /** Bob is in it, as an editor. */
  readonly ruled: string;
  /** Bob is an admin, too. */
  readonly shared: string;
  /** Bob has made it; Jane is an editor. */
  readonly bobs: string;
  /** Jane has deleted it. */
  readonly deleted: string;
  readonly blobs: readonly BlobsOf[];
}

/** Something of every kind that can be of an account. */
export async function settle(stack: TestStack, jane: Member, bob: Member): Promise<Estate> {
  await attemptLogin(stack, jane);
  const parent = { name: 'Parent', parentResourceId: 'wrk_1', encSymmetricKey: wrappedKey() };
  const { id: alone } = (await must(stack, 'group-create', jane, parent)) as { id: string };
  const [ruled, shared, deleted] = [
    await newGroup(stack, jane),
    await newGroup(stack, jane),
    await newGroup(stack, jane),
  ];
  const bobs = await newGroup(stack, bob);
  await shareWith(stack, jane, ruled, bob, 'editor');
  await shareWith(stack, jane, shared, bob, 'admin');
  await shareWith(stack, bob, bobs, jane, 'editor');
  for (const groupId of [alone, ruled, shared, bobs, deleted]) {
    const version = await write(stack, jane, groupId, change('req_1'));
    await write(stack, jane, groupId, change('req_1', { baseVersion: version }));
    const gone = await write(stack, jane, groupId, change('req_2'));
    await write(stack, jane, groupId, change('req_2', { baseVersion: gone, removed: true }));
  }
  const blobs = [
    await blobsOf(stack, jane, alone),
    await blobsOf(stack, jane, ruled),
    await blobsOf(stack, jane, shared),
  ];
  for (const place of blobs) {
    await place.upload(sampleBlob(1_000));
    await place.put(twoParts(), 1);
  }
  const rewrapped = [jane, bob].map(({ accountId }) => ({ accountId, encSymmetricKey: wrappedKey() }));
  for (const groupId of [ruled, shared]) {
    await must(stack, 'group-rotate-key', jane, { groupId, baseKeyEpoch: 1, links: rewrapped });
  }
  await must(stack, 'group-delete', jane, { groupId: deleted });
  await must(stack, 'passphrase-code-send', jane, {});
  const text = { subject: 'Somebody has read our store', paragraphs: ['A copy was taken.'] };
  const audience = [jane.accountId, bob.accountId];
  await must(stack, 'breach-notice-start', jane, { ...text, audience, dryRun: false });
  return { alone, ruled, shared, bobs, deleted, blobs };
}

export interface Refusal extends ProblemDocument {
  readonly groups: readonly {
    readonly groupId: string;
    readonly reason: string;
    readonly members: readonly object[];
  }[];
}

export const proofOf = async (stack: TestStack, member: Member) => (await beginLogin(stack, member)).body;

export const deleteAccount = (stack: TestStack, body: object, headers: Readonly<Record<string, string>> = {}) =>
  stack.call('account-delete', { body, headers });

/** Runs the sweep as if so many minutes had passed, until it finds nothing to do. */
export async function sweepDepartures(platform: Platform, minutes: number): Promise<void> {
  const clock = { now: () => platform.clock.now() + minutes * 60_000 };
  for (;;) {
    const { status, body } = await callInProcess('maintenance-departures', jsonRequest({}), { ...platform, clock });
    if (status !== 200) throw new Error(`maintenance-departures answered ${status}`);
    if (!(body as { more: boolean }).more) return;
  }
}

/** Where any of these names stands in the store. */
export const traces = async (stack: TestStack, names: readonly string[]): Promise<string[]> =>
  naming(await wholeStore(stack), names);

/** The paths of the documents that any of these names stands in. */
export const naming = (documents: readonly WholeDocument[], names: readonly string[]): string[] =>
  documents
    .filter(({ text }) => names.some((name) => text.includes(name)))
    .map(({ path }) => path)
    .sort();
