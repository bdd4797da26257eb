import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { ChangeResult, PulledResource } from '../../shared/protocol/changes.ts';
import type { Role } from '../../shared/protocol/fields.ts';
import type { resourceHistory } from '../../shared/protocol/history.ts';
import { callInProcess, jsonRequest } from './in-process.ts';
import { type Member, wrappedKey } from './people.ts';
import type { TestStack } from './stack.ts';

/** An AES message's shape; the server cannot tell that it opens to nothing. */
export const message = (bytes = 8): string =>
  JSON.stringify({ iv: '00', t: '00', d: randomBytes(bytes).toString('hex'), ad: '' });

/** A change of one resource, new unless `more` says otherwise. */
export const change = (id: string, more: object = {}) => ({
  id,
  type: 'Request',
  name: `Get ${id}`,
  baseVersion: null as string | null,
  lastEdited: 1_700_000_000_000,
  encContent: message(),
  ...more,
});

export async function push(
  stack: TestStack,
  { token }: Member,
  groupId: string,
  changes: readonly object[],
  more: object = {},
) {
  const answer = await stack.call('changes-push', { token, body: { groupId, keyEpoch: 1, changes, ...more } });
  return { ...answer, body: answer.body as { revision: number; results: ChangeResult[]; code?: string } };
}

/** Pushes one change that must be written, and hands its version back. */
export async function write(stack: TestStack, member: Member, groupId: string, one: object, more: object = {}) {
  const { status, body, text } = await push(stack, member, groupId, [one], more);
  const version = body.results?.[0]?.version;
  if (status !== 200 || !version || !['created', 'updated', 'removed'].includes(body.results[0]?.status ?? '')) {
    throw new Error(`not written: ${status} ${text}`);
  }
  return version;
}

export interface PulledPage {
  readonly changes: PulledResource[];
  readonly cursor: string;
  readonly more: boolean;
  readonly revision: number;
}

export async function pull(stack: TestStack, { token }: Member, groupId: string, body: object = {}) {
  return (await stack.call('changes-pull', { token, body: { groupId, ...body } })).body as PulledPage;
}

/** Every page from the start, or from a cursor. */
export async function pullAll(
  stack: TestStack,
  member: Member,
  groupId: string,
  body: { limit?: number; cursor?: string } = {},
) {
  const all: PulledResource[] = [];
  let { cursor } = body;
  for (;;) {
    const page = await pull(stack, member, groupId, { ...body, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.changes);
    cursor = page.cursor;
    if (!page.more) return { all, cursor };
  }
}

export type History = z.output<typeof resourceHistory.output>;

export async function history(stack: TestStack, { token }: Member, groupId: string, id: string, query: object = {}) {
  return (await stack.call('resource-history', { token, query: { groupId, id, ...query } })).body as History;
}

interface LinkParts {
  readonly role?: Role | undefined;
  readonly keyEpoch?: number | undefined;
  readonly encSymmetricKey?: string | undefined;
}

/** Wraps a group's key to somebody, an editor at epoch 1 unless said otherwise. */
export function createLink(
  stack: TestStack,
  { token }: Member,
  groupId: string,
  { accountId }: Pick<Member, 'accountId'>,
  { role = 'editor', keyEpoch = 1, encSymmetricKey = wrappedKey() }: LinkParts = {},
) {
  return stack.call('link-create', { token, body: { groupId, accountId, role, encSymmetricKey, keyEpoch } });
}

/** The same, and it must succeed. */
export async function shareWith(stack: TestStack, admin: Member, groupId: string, to: Member, role?: Role) {
  const answer = await createLink(stack, admin, groupId, to, { role });
  if (answer.status !== 201) throw new Error(`not shared: ${answer.text}`);
}

/** Runs a scheduled function, or a call, as if so many days had passed. */
export async function later(stack: TestStack, days: number, name: string, input: object = {}, token?: string) {
  const clock = { now: () => Date.now() + days * 86_400_000 };
  const request = jsonRequest(input, token === undefined ? {} : { 'x-session-id': token });
  const { status, body } = await callInProcess(name, request, { ...stack.platform, clock });
  return { status, body: body as Readonly<Record<string, unknown>> };
}
