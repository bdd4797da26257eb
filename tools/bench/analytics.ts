import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Firestore } from '@google-cloud/firestore';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import autocannon from 'autocannon';
import { registry } from '../../functions/registry.ts';
import { trackEvent, withKey } from '../../test/support/analytics.ts';
import { startTestStack, type TestStack } from '../../test/support/stack.ts';
import { type Bench, type BenchRun, median } from './bench.ts';
import { table } from './table.ts';

/** As many as Segment's library puts into a batch unless told otherwise. */
const batchSize = 15;
const connections = 40;
const json = { 'content-type': 'application/json' };

interface Contender {
  readonly name: string;
  /** Events in one request, or in one commit. */
  readonly events: number;
  run(): Promise<number>;
}

/**
 * Events a second into Pub/Sub by analytics-collect, beside the bare framework answering 200 to the same body; and into
 * the store by analytics-ingest, beside bare Firestore batches of as many documents. In turn, in one run, so that what
 * slows the computer slows them all.
 */
export const analytics: Bench = {
  about: 'usage events a second, collected and stored, each beside its floor',
  run: ({ print, short }) =>
    benchAnalytics(print, short ? { rounds: 1, secondsEach: 1 } : { rounds: 3, secondsEach: 4 }),
};

interface Length {
  readonly rounds: number;
  readonly secondsEach: number;
}

async function benchAnalytics(print: BenchRun['print'], { rounds, secondsEach }: Length): Promise<void> {
  // Nothing is delivered: what is ingested is what the bench sends.
  const stack = await startTestStack({ registry: registry.filter(({ name }) => name !== 'analytics-ingest') });
  const receiving = await startTestStack({ registry: registry.filter(({ name }) => name === 'analytics-ingest') });
  http('empty', (_request, response) => void response.end('{"success":true}'));
  const empty = getTestServer('empty').listen(0, '127.0.0.1');
  await once(empty, 'listening');
  const bare = new Firestore({ projectId: stack.projectId });
  try {
    const floor = `http://127.0.0.1:${(empty.address() as AddressInfo).port}/`;
    const contenders: Contender[] = [
      {
        name: 'functions-framework answering 200',
        events: batchSize,
        run: () => perSecond(floor, batches(), secondsEach),
      },
      {
        name: 'analytics-collect',
        events: batchSize,
        run: () => perSecond(`${stack.url}/analytics-collect/v1/batch`, batches(), secondsEach),
      },
      { name: 'bare Firestore batches of 40', events: connections, run: () => commitsPerSecond(bare, secondsEach) },
      {
        name: 'analytics-ingest, 40 pushes at once',
        events: 1,
        run: () => perSecond(`${receiving.url}/analytics-ingest`, pushes(), secondsEach),
      },
    ];
    const figures = contenders.map((): number[] => []);
    for (let round = -1; round < rounds; round += 1) {
      for (const [index, { run, events }] of contenders.entries()) {
        const figure = (await run()) * events;
        if (round >= 0) figures[index]?.push(figure);
      }
    }
    const medians = figures.map(median);
    const rows = contenders.map(({ name }, index) => {
      const own = medians[index] ?? 0;
      return [name, own.toFixed(0), (own / (medians[index - (index % 2)] ?? 1)).toFixed(2)];
    });
    print(
      `\nUsage events: medians of ${rounds} rounds of ${secondsEach} s; batches of ${batchSize} over ${connections} connections\n`,
    );
    print(table(['', 'events/s', 'to the floor above'], rows));
    await checkNothingFailed(stack);
  } finally {
    empty.close();
    await bare.terminate();
    await receiving.stop();
    await stack.stop();
  }
}

const batches = (): Load => ({
  headers: { ...json, ...withKey },
  body: () => JSON.stringify({ batch: Array.from({ length: batchSize }, () => trackEvent()), sentAt: new Date() }),
});

/** A push of an event that nobody has sent before. */
const pushes = (): Load => ({
  headers: json,
  body: () => {
    const now = new Date().toISOString();
    const row = {
      eventId: randomUUID().replaceAll('-', '').repeat(2),
      type: 'track',
      event: 'Request Executed',
      timestamp: now,
      receivedAt: now,
      anonymousId: randomUUID().replaceAll('-', '').repeat(2),
      appVersion: '10.1.1',
      os: 'mac',
    };
    const message = { messageId: row.eventId, data: Buffer.from(JSON.stringify(row)).toString('base64') };
    return JSON.stringify({ subscription: 's', message });
  },
});

interface Load {
  readonly headers: Record<string, string>;
  body(): string;
}

async function perSecond(url: string, { headers, body }: Load, secondsEach: number): Promise<number> {
  const result = await autocannon({
    url,
    connections,
    duration: secondsEach,
    method: 'POST',
    headers,
    requests: [{ setupRequest: (request) => ({ ...request, body: body() }) }],
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} failures, ${result.errors} errors`);
  }
  return result.requests.average;
}

/** One batch after the other, as a process of ours commits. */
async function commitsPerSecond(firestore: Firestore, secondsEach: number): Promise<number> {
  const until = performance.now() + secondsEach * 1000;
  let commits = 0;
  for (; performance.now() < until; commits += 1) {
    const batch = firestore.batch();
    for (let n = 0; n < connections; n += 1) batch.create(firestore.doc(`bare/${randomUUID()}`), trackEvent());
    await batch.commit();
  }
  return commits / secondsEach;
}

async function checkNothingFailed({ logs }: TestStack): Promise<void> {
  const failed = logs.filter(({ severity }) => severity === 'ERROR');
  if (failed.length > 0) throw new Error(`${failed.length} calls failed: ${JSON.stringify(failed[0])}`);
}
