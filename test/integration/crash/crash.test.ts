import { randomBytes } from 'node:crypto';
import type { Platform } from '../../../shared/platform/context.ts';
import { createAccounts } from '../../support/accounts.ts';
import { callInProcess, jsonRequest } from '../../support/in-process.ts';
import type { Order } from '../../support/mortal-instance.ts';
import { eachOf, newTrial, plainAnswer } from './trial.ts';

/** What is to survive the death of the process that does it. */
interface Scenario {
  readonly order: Order;
  prepare(platform: Platform): Promise<void>;
}

const fixed = randomBytes(32);
const hex = (bytes: number) =>
  fixed
    .toString('hex')
    .repeat(8)
    .slice(0, 2 * bytes);
const key = 'the-key';

const change = (id: string, more: object = {}) => ({
  id,
  type: 'Request',
  name: id,
  baseVersion: null as string | null,
  lastEdited: 1,
  encContent: '{"d":"00"}',
  ...more,
});

const post = (name: string, input: object, token: string): Order => ({
  name,
  method: 'POST',
  query: {},
  headers: { 'content-type': 'application/json', 'x-session-id': token, 'idempotency-key': key },
  body: Buffer.from(JSON.stringify(input)).toString('base64'),
});

/** Jane's group with Bob in it and three resources; the same ids every time. */
async function populate(platform: Platform) {
  const [jane, bob] = await createAccounts(platform.database, hex);
  const call = async (name: string, input: object) => {
    const { status, body, text } = await callInProcess(
      name,
      jsonRequest(input, { 'x-session-id': jane.token }),
      platform,
    );
    if (status >= 300) throw new Error(`${name} answered ${status}: ${text}`);
    return body;
  };
  const { id: groupId } = (await call('group-create', { name: 'g', encSymmetricKey: hex(256) })) as { id: string };
  const link = { groupId, accountId: bob.accountId, role: 'editor', keyEpoch: 1, encSymmetricKey: hex(256) };
  await call('link-create', link);
  const changes = ['req_1', 'req_2', 'req_3'].map((id) => change(id));
  const { results } = (await call('changes-push', { groupId, keyEpoch: 1, changes })) as {
    results: { version: string }[];
  };
  return { groupId, jane, bob, versions: results.map(({ version }) => version) };
}

async function scenarios() {
  let known: Awaited<ReturnType<typeof populate>> | undefined;
  const first = await newTrial(async (platform) => {
    known = await populate(platform);
  });
  await first.end();
  if (known === undefined) throw new Error('Nothing was prepared.');
  const { groupId, jane, bob, versions } = known;
  const prepare = async (platform: Platform) => void (await populate(platform));
  const encContent = '{"d":"01"}';
  const changes = [
    change('req_new'),
    change('req_1', { baseVersion: versions[0], encContent }),
    change('req_2', { baseVersion: versions[1], removed: true }),
    change('req_3', { baseVersion: 'stale', encContent }),
  ];
  const push = post('changes-push', { groupId, keyEpoch: 1, changes }, jane.token);
  const rotation = post(
    'group-rotate-key',
    {
      groupId,
      baseKeyEpoch: 1,
      links: [jane, bob].map(({ accountId }) => ({ accountId, encSymmetricKey: 'ab'.repeat(256) })),
    },
    jane.token,
  );
  return {
    'a push of four changes': { prepare, order: push },
    'a rotation of the key': { prepare, order: rotation },
  } satisfies Record<string, Scenario>;
}

/** What the order comes to where nothing goes wrong. */
async function cleanRun({ prepare, order }: Scenario) {
  const trial = await newTrial(prepare);
  const untouched = await trial.state();
  const answer = plainAnswer(await trial.carryOut(order));
  const done = await trial.state();
  const other = await newTrial(prepare);
  const deaths = await other.deaths(order);
  await Promise.all([trial.end(), other.end()]);
  return { untouched, answer, done, deaths };
}

describe.each(['a push of four changes', 'a rotation of the key'] as const)('%s', (name) => {
  let scenario: Scenario;
  let clean: Awaited<ReturnType<typeof cleanRun>>;
  beforeAll(async () => {
    scenario = (await scenarios())[name];
    clean = await cleanRun(scenario);
  });

  it('is done or not, wherever its process dies, and a retry completes it once', async () => {
    const { prepare, order } = scenario;
    const { untouched, answer, done, deaths } = clean;
    let survived = 0;
    await eachOf(deaths, async (death) => {
      const trial = await newTrial(prepare);
      await trial.die(order, death);
      const left = await trial.state();
      const kept = left === done;
      expect({ death, left: kept ? done : left }).toEqual({ death, left: kept ? done : untouched });
      const retried = await trial.carryOut(order);
      expect({ death, answer: plainAnswer(retried), replayed: retried.replayed }).toEqual({
        death,
        answer,
        replayed: kept,
      });
      expect({ death, state: await trial.state() }).toEqual({ death, state: done });
      const again = await trial.carryOut(order);
      expect({ death, text: again.text, replayed: again.replayed }).toEqual({
        death,
        text: retried.text,
        replayed: true,
      });
      expect({ death, state: await trial.state() }).toEqual({ death, state: done });
      if (kept) survived += 1;
      await trial.end();
    });
    expect(survived).toBeGreaterThan(0);
    expect(survived).toBeLessThan(deaths.length);
  }, 120_000);

  it('is done once when another process does it too, at whatever moment', async () => {
    const { prepare, order } = scenario;
    const { answer, done, deaths } = clean;
    const operations = new Set(deaths.map(({ operation }) => operation));
    await eachOf([...operations], async (operation) => {
      const trial = await newTrial(prepare);
      const { first, second } = await trial.overtaken(order, operation);
      expect({ operation, answer: plainAnswer(first), replayed: first.replayed }).toEqual({
        operation,
        answer,
        replayed: false,
      });
      expect({ operation, text: second.text, replayed: second.replayed }).toEqual({
        operation,
        text: first.text,
        replayed: true,
      });
      expect({ operation, state: await trial.state() }).toEqual({ operation, state: done });
      await trial.end();
    });
  }, 60_000);
});
