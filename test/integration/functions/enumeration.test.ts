import * as z from 'zod';
import { registry } from '../../../functions/registry.ts';
import type { Platform } from '../../../shared/platform/context.ts';
import type { Write } from '../../../shared/store/database.ts';
import { jsonRequest, serveInProcess } from '../../support/in-process.ts';
import {
  type AddressKind,
  addressKinds,
  newAddresses,
  publicSteps,
  withoutAddress,
} from '../../support/public-steps.ts';
import { type Answer, startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let addresses: Readonly<Record<AddressKind, string[]>>;
const steps = Object.keys(publicSteps);

beforeAll(async () => {
  stack = await startTestStack();
  const made = addressKinds.map(async (kind) => [kind, await newAddresses(stack.platform, kind, 2 * steps.length)]);
  addresses = Object.fromEntries(await Promise.all(made));
});
afterAll(() => stack.stop());

/** An address that no step has named yet. */
function fresh(kind: AddressKind): string {
  const address = addresses[kind].pop();
  if (address === undefined) throw new Error(`There is no ${kind} address left.`);
  return address;
}

const bodyOf = async (step: string, kind: AddressKind) => publicSteps[step]?.(fresh(kind), stack) ?? {};

it('has every public POST function either compared, or excepted for a reason', () => {
  const open = registry.flatMap((entry) =>
    entry.trigger === 'http' && entry.operations.POST?.access === 'public' ? [entry.name] : [],
  );
  expect([...steps, ...Object.keys(withoutAddress)].sort()).toEqual(open.sort());
});

it('excepts no function that takes an e-mail address', () => {
  const excepted = registry.filter(({ name }) => name in withoutAddress);
  expect(excepted).toHaveLength(Object.keys(withoutAddress).length);
  for (const entry of excepted) {
    const input = entry.trigger === 'http' ? entry.operations.POST?.input : undefined;
    if (input === undefined) throw new Error(`${entry.name} takes no POST.`);
    expect(JSON.stringify(z.toJSONSchema(input, { io: 'input' }))).not.toContain('"email"');
  }
});

describe.each(steps)('%s', (step) => {
  it('answers verified, unverified and unknown addresses alike: status, headers, fields and their lengths', async () => {
    const answers: object[] = [];
    for (const kind of addressKinds) answers.push(shape(await stack.call(step, { body: await bodyOf(step, kind) })));
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('costs the same reads, writes, bytes and messages for each', async () => {
    const costs: Cost[] = [];
    for (const kind of addressKinds) costs.push(await costOf(step, await bodyOf(step, kind)));
    const [verified, unverified, unknown] = costs;
    if (verified === undefined) throw new Error('Nothing was measured.');
    for (const each of [unverified, unknown]) {
      expect(each).toEqual({ ...verified, bytes: expect.any(Number) });
      // The names of the two mail templates are not of one length.
      expect(Math.abs((each?.bytes ?? 0) - verified.bytes)).toBeLessThanOrEqual(2);
    }
  });
});

/** All of an answer that one call has in common with the next. */
function shape({ status, headers, body, text }: Answer) {
  const unlike = ['date', 'request-id'];
  return {
    status,
    headers: [...headers].filter(([name]) => !unlike.includes(name)),
    length: text.length,
    fields: Object.entries(body as object).map(([name, value]) => [name, typeof value, String(value).length]),
  };
}

interface Cost {
  /** Reads and writes in the order of the store's operations: what takes the time is each round trip. */
  readonly operations: readonly string[];
  readonly bytes: number;
  readonly messages: number;
}

/** One call, on a platform that keeps account of what passes through it. */
async function costOf(step: string, body: object): Promise<Cost> {
  const operations: string[] = [];
  let bytes = 0;
  let messages = 0;
  const { database, publisher } = stack.platform;
  const platform: Platform = {
    ...stack.platform,
    database: {
      ...database,
      get: (...refs) => {
        operations.push(`get ${refs.length}`);
        return database.get(...refs);
      },
      list: (query) => {
        operations.push(`list ${query.collection.path.split('/').at(-1)}`);
        return database.list(query);
      },
      commit: (writes) => {
        operations.push(`commit ${writes.length}`);
        bytes += writes.reduce((sum, write) => sum + bytesOf(write), 0);
        return database.commit(writes);
      },
    },
    publisher: {
      ...publisher,
      publish: (topic, message) => {
        messages += 1;
        return publisher.publish(topic, message);
      },
    },
  };
  await serveInProcess(step, jsonRequest(body), platform);
  return { operations, bytes, messages };
}

/** As Firestore counts them: eight for what is no text. A document that stands for another has an expiry besides. */
function bytesOf(write: Write): number {
  if (!('data' in write)) return 0;
  const fields = Object.entries(write.data).filter(([name]) => name !== 'expiresAt');
  return fields.reduce(
    (sum, [name, value]) => sum + name.length + (typeof value === 'string' ? Buffer.byteLength(value) : 8),
    0,
  );
}
