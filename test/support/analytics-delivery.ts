import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { registry } from '../../functions/registry.ts';
import { random } from '../model/random.ts';
import { countedEvents, storedEvents } from './analytics.ts';
import { runProgram } from './program.ts';
import { requestExecuted, segmentClient, type Version } from './segment.ts';
import { startTestStack, type TestStack } from './stack.ts';

interface Delivery {
  readonly versions: readonly Version[];
  /** Events of each version. */
  readonly events: number;
  /** How often the process that ingests is killed meanwhile. */
  readonly kills: number;
  readonly seed: number;
}

export interface Delivered {
  readonly sent: number;
  readonly failures: readonly string[];
  /** Deliveries that reached the function, and those that met a dead one. */
  readonly deliveries: number;
  readonly lost: number;
  readonly stored: number;
  readonly distinct: number;
  readonly counted: number;
}

/**
 * Segment's libraries send through HTTP and Pub/Sub; every message is delivered three times, at once; and the process
 * that ingests is killed (SIGKILL) and started again in between, as a seed decides.
 */
export async function deliver({ versions, events, kills, seed }: Delivery): Promise<Delivered> {
  const { next } = random(seed, 'analytics delivery');
  const stack = await startTestStack({ registry: registry.filter(({ name }) => name !== 'analytics-ingest') });
  const ingest = await killable(stack);
  const relay = await threefold(ingest.url);
  const subscription = pushTo(stack, relay.url);
  try {
    await subscription.begin();
    const sent = versions.length * events;
    const moments = Array.from({ length: kills }, () => Math.ceil(next() * sent)).toSorted((a, b) => a - b);
    const failures: string[] = [];
    const sending = versions.map(async (version) => {
      const { client, failures: failed, done } = segmentClient(version, stack.url, { maxEventsInBatch: 50 });
      for (let n = 0; n < events; n += 1) {
        client.track({ ...requestExecuted(), anonymousId: randomUUID() });
        // Lets the library's own queue work, as a user's clicks would.
        if (n % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
      }
      await done();
      failures.push(...failed.map(({ reason }) => reason));
    });
    while (relay.acknowledged() < sent) {
      if (relay.acknowledged() >= (moments[0] ?? Number.POSITIVE_INFINITY)) {
        moments.shift();
        await ingest.kill();
        await ingest.start();
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await Promise.all(sending);
    const stored = await storedEvents(stack);
    const devices = new Set(stored.map(({ anonymousId }) => anonymousId));
    const counted = await countedEvents(stack);
    return { sent, failures, ...relay.counts(), stored: stored.length, distinct: devices.size, counted };
  } finally {
    await subscription.end();
    await relay.stop();
    await ingest.kill();
    await stack.stop();
  }
}

/** analytics-ingest in a process of its own, as deployed, which may die and come back elsewhere. */
async function killable(stack: TestStack) {
  const program = fileURLToPath(new URL('serve-analytics.ts', import.meta.url));
  let child!: ReturnType<typeof runProgram>;
  let address = '';
  const start = async () => {
    child = runProgram(process.execPath, [program, JSON.stringify(stack.platform.settings)], {
      FIRESTORE_EMULATOR_HOST: process.env.FIRESTORE_EMULATOR_HOST,
      METADATA_SERVER_DETECTION: 'none',
    });
    const [, port = ''] = await child.printed(/listening on (\d+)/);
    address = `http://127.0.0.1:${port}`;
  };
  await start();
  const kill = async () => {
    const ended = once(child.process, 'exit');
    if (child.process.kill('SIGKILL')) await ended;
  };
  return { url: () => address, start, kill };
}

/** Stands where Pub/Sub pushes to: hands each push on three times at once, and acknowledges it once all succeeded. */
async function threefold(target: () => string) {
  const acknowledged = new Set<string>();
  let [deliveries, lost] = [0, 0];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const { message } = JSON.parse(body.toString()) as { message: { messageId: string } };
    const once = async () => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
      const answer = await fetch(target(), init).catch(() => undefined);
      await answer?.text().catch(() => undefined);
      deliveries += 1;
      if (answer === undefined) lost += 1;
      return answer?.ok ?? false;
    };
    const all = (await Promise.all([once(), once(), once()])).every(Boolean);
    if (all) acknowledged.add(message.messageId);
    response.writeHead(all ? 204 : 503).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    acknowledged: () => acknowledged.size,
    counts: () => ({ deliveries, lost }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The subscription in the place of the function's own. */
function pushTo({ projectId }: TestStack, pushEndpoint: string) {
  const url = `http://${process.env.PUBSUB_EMULATOR_HOST}/v1/projects/${projectId}/subscriptions/threefold`;
  const call = async (init: RequestInit) => {
    const response = await fetch(url, init);
    if (!response.ok) throw new Error(`Pub/Sub answered ${response.status}: ${await response.text()}`);
  };
  const body = JSON.stringify({ topic: `projects/${projectId}/topics/analytics-events`, pushConfig: { pushEndpoint } });
  return {
    begin: () => call({ method: 'PUT', headers: { 'content-type': 'application/json' }, body }),
    end: () => call({ method: 'DELETE' }),
  };
}
