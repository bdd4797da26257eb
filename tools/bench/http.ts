import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { http as register } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import autocannon from 'autocannon';
import { newMember } from '../../test/support/people.ts';
import { startTestStack } from '../../test/support/stack.ts';
import type { Bench, BenchRun } from './bench.ts';
import { table } from './table.ts';

const connections = 20;

interface Target {
  readonly name: string;
  readonly url: string;
  readonly headers?: Record<string, string>;
}

interface Figure {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Requests a second over 20 kept-alive connections, the load made by a second thread on the same computer. Every layer
 * is measured in the same run, in turn, so that what one adds is a ratio.
 */
export const http: Bench = {
  about: 'requests a second of the framework, our adapter, and a call that reads the store',
  run: ({ print, short }) => benchHttp(print, short ? { rounds: 1, secondsEach: 1 } : { rounds: 3, secondsEach: 4 }),
};

interface Length {
  readonly rounds: number;
  readonly secondsEach: number;
}

async function benchHttp(print: BenchRun['print'], { rounds, secondsEach }: Length): Promise<void> {
  const stack = await startTestStack();
  const { token } = await newMember(stack);
  const bare = createServer((_request, response) => response.end('{"status":"ok"}')).listen(0, '127.0.0.1');
  register('empty', (_request, response) => void response.end('{"status":"ok"}'));
  const empty = getTestServer('empty').listen(0, '127.0.0.1');
  await Promise.all([once(bare, 'listening'), once(empty, 'listening')]);
  const local = (server: typeof bare) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const targets: readonly Target[] = [
    { name: 'node:http, nothing else', url: local(bare) },
    { name: 'functions-framework, an empty function', url: local(empty) },
    { name: 'healthz: the same and our adapter', url: `${stack.url}/healthz` },
    {
      name: 'session-whoami: and two reads from the emulator',
      url: `${stack.url}/session-whoami`,
      headers: { 'x-session-id': token },
    },
  ];
  try {
    const figures = new Map<string, Figure[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (const target of targets)
        figures.set(target.name, [...(figures.get(target.name) ?? []), await measure(target, secondsEach)]);
    }
    const medians = targets.map(({ name }) => middle(figures.get(name) ?? []));
    const floor = medians[1]?.perSecond ?? 1;
    const rows = targets.map(({ name }, index) => {
      const { perSecond = 0, p50 = 0, p99 = 0 } = medians[index] ?? {};
      return [name, perSecond.toFixed(0), `${p50} ms`, `${p99} ms`, (perSecond / floor).toFixed(2)];
    });
    print(`\nHTTP: medians of ${rounds} rounds of ${secondsEach} s, ${connections} connections\n`);
    print(table(['', 'requests/s', 'p50', 'p99', 'to empty function'], rows));
  } finally {
    bare.close();
    empty.close();
    await stack.stop();
  }
}

async function measure({ url, headers = {} }: Target, secondsEach: number): Promise<Figure> {
  const result = await autocannon({ url, headers, connections, duration: secondsEach, workers: 1 });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} failures, ${result.errors} errors`);
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

const middle = (figures: readonly Figure[]): Figure | undefined =>
  [...figures].sort((a, b) => a.perSecond - b.perSecond)[Math.floor(figures.length / 2)];
