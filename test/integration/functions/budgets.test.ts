import { randomBytes } from 'node:crypto';
import { signCursor } from '../../../functions/changes/cursor.ts';
import type { ChangeResult } from '../../../shared/protocol/changes.ts';
import { fillGroup } from '../../support/fill-group.ts';
import { operationCosts } from '../../support/operation-costs.ts';
import { attemptLogin, type Member, newGroup, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;

beforeAll(async () => {
  stack = await startTestStack();
  jane = await newMember(stack);
});
afterAll(() => stack.stop());

const hex = (bytes: number) => randomBytes(bytes).toString('hex');

/** What one call costs, as its log line counts it. */
async function cost(name: string, call: Parameters<TestStack['call']>[1] = {}) {
  const requestId = hex(12);
  const headers = { ...call.headers, 'request-id': requestId };
  const { status, body } = await stack.call(name, { token: jane.token, ...call, headers });
  const { reads, writes } = logged(requestId);
  return { status, body, cost: { reads, writes } };
}

function logged(requestId: unknown) {
  const line = stack.logs.find((each) => each.requestId === requestId && each.reads !== undefined);
  return { reads: Number(line?.reads), writes: Number(line?.writes) };
}

const change = (id: string, baseVersion: string | null = null) => ({
  id,
  type: 'Request',
  name: 'n',
  baseVersion,
  lastEdited: 1,
  encContent: `{"d":"${hex(8)}"}`,
});
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

async function push(groupId: string, changes: readonly object[], headers: Readonly<Record<string, string>> = {}) {
  const answer = await cost('changes-push', { headers, body: { groupId, keyEpoch: 1, changes } });
  expect(answer.status).toBe(200);
  const { results } = answer.body as { results: ChangeResult[] };
  return { ...answer, results };
}

describe('what a call costs', () => {
  it('a whole login: at most 4 reads and 3 writes', async () => {
    const { salts, started, finished } = await attemptLogin(stack, jane);
    const costs = [salts, started, finished].map(({ headers }) => logged(headers.get('request-id')));
    expect(finished.status).toBe(200);
    expect(costs.reduce((sum, { reads }) => sum + reads, 0)).toBeLessThanOrEqual(operationCosts.login.reads);
    expect(costs.reduce((sum, { writes }) => sum + writes, 0)).toBeLessThanOrEqual(operationCosts.login.writes);
  });

  it('session-whoami: 2 reads', async () => {
    expect(await cost('session-whoami')).toMatchObject({ status: 200, cost: operationCosts.whoami });
  });

  describe.each([1, 7, 40])('a push of %i changes: n + 3 reads, one commit', (n) => {
    it.each([
      ['without an Idempotency-Key', 0],
      ['with an Idempotency-Key', operationCosts.idempotencyKey.writes],
    ])('%s', async (_, more) => {
      const groupId = await newGroup(stack, jane);
      const headers = () => (more === 0 ? {} : { 'idempotency-key': hex(12) });
      const { reads, writes } = operationCosts.push(n);
      const expected = { reads, writes: writes + more };

      const created = await push(
        groupId,
        many(n, (index) => change(`req_${index}`)),
        headers(),
      );
      expect(created.cost).toEqual(expected);
      const versions = created.results.map(({ version }) => version);
      const updated = await push(
        groupId,
        many(n, (index) => change(`req_${index}`, versions[index])),
        headers(),
      );
      expect(updated.results.map(({ status }) => status)).toEqual(many(n, () => 'updated'));
      expect(updated.cost).toEqual(expected);
    });
  });

  it('a push with conflicts: their reads, and writes for the others only', async () => {
    const groupId = await newGroup(stack, jane);
    await push(
      groupId,
      many(3, (index) => change(`req_${index}`)),
    );
    const mixed = await push(
      groupId,
      many(7, (index) => change(`req_${index}`)),
    );
    expect(mixed.results.filter(({ status }) => status === 'conflict')).toHaveLength(3);
    expect(mixed.cost).toEqual(operationCosts.push(7, 4));
    const refused = await push(
      groupId,
      many(3, (index) => change(`req_${index}`)),
    );
    expect(refused.cost).toEqual(operationCosts.push(3, 0));
  });

  it('a page of p changes: p + 3 reads; an empty one: 3', async () => {
    const groupId = await newGroup(stack, jane);
    await push(
      groupId,
      many(60, (index) => change(`req_${index}`)),
    );
    let cursor: string | undefined;
    for (const p of [1, 7, 40]) {
      const page = await cost('changes-pull', { body: { groupId, limit: p, ...(cursor && { cursor }) } });
      const { changes, cursor: reached } = page.body as { changes: unknown[]; cursor: string };
      expect({ changes: changes.length, cost: page.cost }).toEqual({ changes: p, cost: operationCosts.pull(p) });
      cursor = reached;
    }
    const rest = await cost('changes-pull', { body: { groupId, cursor } });
    expect(rest).toMatchObject({ body: { more: false }, cost: operationCosts.pull(12) });
    cursor = (rest.body as { cursor: string }).cursor;
    const empty = await cost('changes-pull', { body: { groupId, cursor } });
    expect(empty).toMatchObject({ body: { changes: [], more: false }, cost: operationCosts.pull(0) });
  });
});

describe('sync-check', () => {
  it.each([1, 5])('over %i groups: at most 2 + 2 reads a group, with cursors or without', async (count) => {
    const caller = await newMember(stack);
    const ids = await Promise.all(many(count, () => newGroup(stack, caller)));
    const { sealer } = stack.platform;
    const cursors = ids.map(async (groupId) => ({
      groupId,
      cursor: await signCursor(sealer, groupId, { revision: 0, from: 0, purged: 0 }),
    }));
    for (const body of [{}, { groups: await Promise.all(cursors) }]) {
      const checked = await cost('sync-check', { token: caller.token, body });
      expect((checked.body as { groups: unknown[] }).groups).toHaveLength(count);
      const most = operationCosts.syncCheck(count);
      expect(checked.cost.writes).toBe(most.writes);
      expect(checked.cost.reads).toBeLessThanOrEqual(most.reads);
    }
  });
});

describe('cost follows the change, not the group', () => {
  it.each([100, 20_000])(
    'a delta of 10 out of %i resources',
    async (size) => {
      const groupId = await newGroup(stack, jane);
      await fillGroup(stack.platform.database, groupId, jane.accountId, size);
      const cursor = await signCursor(stack.platform.sealer, groupId, { revision: size, from: size, purged: 0 });
      const pushed = await push(
        groupId,
        many(10, (index) => change(`res_${index + 1}`, `${index + 1}-filled`)),
      );
      expect(pushed.results.map(({ status }) => status)).toEqual(many(10, () => 'updated'));
      expect(pushed.cost).toEqual(operationCosts.push(10));
      const pulled = await cost('changes-pull', { body: { groupId, cursor } });
      expect((pulled.body as { changes: unknown[] }).changes).toHaveLength(10);
      expect(pulled.cost).toEqual(operationCosts.pull(10));
    },
    60_000,
  );
});
