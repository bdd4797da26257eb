import { randomBytes } from 'node:crypto';
import type { ChangeResult, Resource } from '../../../shared/protocol/changes.ts';
import { groups } from '../../../shared/store/groups.ts';
import { type Account, createAccounts } from '../../support/accounts.ts';
import { newGroup, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const pushes = 100;
const changesEach = 2;

let stacks: readonly [TestStack, TestStack];
let jane: Account;
let bob: Account;

beforeAll(async () => {
  const one = await startTestStack();
  stacks = [one, await startTestStack({ projectId: one.projectId })];
  [jane, bob] = await createAccounts(one.platform.database, (bytes) => randomBytes(bytes).toString('hex'));
});
afterAll(async () => {
  for (const stack of stacks) await stack.stop();
});

it('100 pushes at once, of two accounts through two instances, are all written, one after the other', async () => {
  const [stack] = stacks;
  const groupId = await newGroup(stack, jane);
  const link = { groupId, accountId: bob.accountId, role: 'editor', encSymmetricKey: wrappedKey(), keyEpoch: 1 };
  expect(await stack.call('link-create', { token: jane.token, body: link })).toMatchObject({ status: 201 });
  const [before] = await stack.platform.database.get(groups.doc(groupId));

  const answers = await Promise.all(
    Array.from({ length: pushes }, (_, index) => {
      const changes = Array.from({ length: changesEach }, (__, n) => ({
        id: `req_${index}_${n}`,
        type: 'Request',
        name: 'n',
        baseVersion: null,
        lastEdited: 1,
        encContent: '{"d":"00"}',
      }));
      const { token } = index % 4 < 2 ? jane : bob;
      return stacks[index % 2 === 0 ? 0 : 1].call('changes-push', { token, body: { groupId, keyEpoch: 1, changes } });
    }),
  );

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const bodies = answers.map(({ body }) => body as { revision: number; results: ChangeResult[] });
  expect(new Set(bodies.flatMap(({ results }) => results.map(({ status }) => status)))).toEqual(new Set(['created']));
  const start = before?.data.revision ?? 0;
  const reached = bodies.map(({ revision }) => revision).toSorted((one, other) => one - other);
  expect(reached).toEqual(reached.map((_, index) => start + (index + 1) * changesEach));

  const { body } = await stack.call('changes-pull', { token: bob.token, body: { groupId, limit: 500 } });
  const { changes, more } = body as { changes: Resource[]; more: boolean };
  expect(more).toBe(false);
  const acknowledged = bodies.flatMap(({ results }) => results.map(({ version }) => version));
  expect(new Set(changes.map(({ version }) => version))).toEqual(new Set(acknowledged));
  expect(changes).toHaveLength(pushes * changesEach);
  for (const { logs } of stacks) expect(logs.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
}, 60_000);
