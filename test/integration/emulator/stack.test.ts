import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { startStack } from '../../../emulator/stack.ts';
import { httpFunction, topicFunction } from '../../../shared/platform/definition.ts';
import { publicOperation } from '../../../shared/platform/operation.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

/** A topic's function that takes what it is told to take, and remembers every delivery. */
function receiver() {
  const deliveries: string[] = [];
  const waiting = new Set<() => void>();
  const definition = topicFunction('note-take', {
    topic: 'notes',
    summary: 'Take a note',
    message: z.object({ note: z.string() }),
    maxDeliveryAttempts: 5,
    receive: async ({ note }) => {
      deliveries.push(note);
      for (const check of waiting) check();
      if (note === 'bad') throw new Error('this note is refused');
    },
  });
  const delivered = (note: string, times: number) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (deliveries.filter((each) => each === note).length < times) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { definition, deliveries, delivered };
}

const echo = httpFunction('echo', {
  POST: publicOperation({
    summary: 'Say it again',
    input: z.looseObject({}),
    output: z.looseObject({}),
    success: 200,
    handle: async (input) => input,
  }),
});

const notes = receiver();
let stack: TestStack;

beforeAll(async () => {
  const noteSend = httpFunction('note-send', {}, { publishes: ['notes', 'unheard'] });
  stack = await startTestStack({ registry: [notes.definition, noteSend, echo] });
});
afterAll(() => stack.stop());

const pubsub = async (method: string, path: string, body?: object) => {
  const url = `http://${process.env.PUBSUB_EMULATOR_HOST}/v1/projects/${stack.projectId}/${path}`;
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method, ...(body && { headers, body: JSON.stringify(body) }) });
};

describe('Pub/Sub as provisioned from the registry', () => {
  it('has every topic that is published to or received from, and the dead-letter ones', async () => {
    const { topics } = (await (await pubsub('GET', 'topics')).json()) as { topics: { name: string }[] };
    expect(topics.map(({ name }) => name.split('/').at(-1)).sort()).toEqual(['notes', 'notes-dead', 'unheard']);
  });

  it('pushes to the function, with the limits that the registry sets', async () => {
    await expect((await pubsub('GET', 'subscriptions/note-take-push')).json()).resolves.toMatchObject({
      pushConfig: { pushEndpoint: `${stack.url}/note-take` },
      ackDeadlineSeconds: 60,
      deadLetterPolicy: {
        deadLetterTopic: `projects/${stack.projectId}/topics/notes-dead`,
        maxDeliveryAttempts: 5,
      },
    });
    await stack.platform.publisher.publish('notes', { note: 'good' });
    await notes.delivered('good', 1);
  });

  it('lays a message that is never taken aside after that many deliveries', async () => {
    await stack.platform.publisher.publish('notes', { note: 'bad' });
    await notes.delivered('bad', 5);
    const pull = await pubsub('POST', 'subscriptions/notes-dead-pull:pull', { maxMessages: 1 });
    const { receivedMessages } = (await pull.json()) as { receivedMessages: { message: { data: string } }[] };
    expect(Buffer.from(receivedMessages[0]?.message.data ?? '', 'base64').toString()).toBe('{"note":"bad"}');
    expect(notes.deliveries.filter((note) => note === 'bad')).toHaveLength(5);
  });
});

describe('the front', () => {
  const problem = (code: string) => ({
    type: `urn:nightvault:problem:${code}`,
    code,
    requestId: expect.any(String),
  });

  it.each(['nope', 'nope/deeper?x=1', 'echo2', '%ff', '_local/nope', '_local/..%2fmain.ts'])(
    'answers /%s with a problem document',
    async (path) => {
      const answer = await stack.call(path);
      expect(answer).toMatchObject({ status: 404, body: problem('FUNCTION_NOT_FOUND') });
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        'request-id': (answer.body as { requestId: string }).requestId,
      });
    },
  );

  it('hands a body on unread, past functions-framework’s own parsers', async () => {
    const body = { text: 'ä'.repeat(5_000) };
    await expect(stack.call('echo', { body })).resolves.toMatchObject({ status: 200, body });
    const broken = await fetch(`${stack.url}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"passphrase": "hunter2',
    });
    expect(broken.status).toBe(400);
    await expect(broken.json()).resolves.toMatchObject({ code: 'MALFORMED_JSON' });
  });

  it('answers what is no HTTP with a problem document', async () => {
    const socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
    socket.end('NONSENSE\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('content-type: application/problem+json');
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject(problem('INVALID_INPUT'));
  });
});

describe('what the page reads', () => {
  it('shows the functions with their URLs', async () => {
    await expect(stack.call('_local/functions')).resolves.toMatchObject({
      status: 200,
      body: [
        { name: 'note-take', method: 'POST', url: `${stack.url}/note-take`, access: 'internal', topic: 'notes' },
        { name: 'echo', method: 'POST', url: `${stack.url}/echo`, access: 'public', summary: 'Say it again' },
      ],
    });
  });

  it('shows every document as stored, below its collections', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const data = { name: 'Jane', size: 12, share: 0.5, at, bytes: Buffer.from([0, 255]), list: [null, { deep: true }] };
    await stack.platform.database.commit([
      { kind: 'set', path: 'people/constructor', data },
      { kind: 'set', path: 'rooms/r1/links/l1', data: { open: false } },
    ]);
    await expect(stack.call('_local/store')).resolves.toMatchObject({
      body: {
        people: { constructor: { fields: { ...data, at: at.toISOString(), bytes: 'AP8=' } } },
        rooms: { r1: { collections: { links: { l1: { fields: { open: false } } } } } },
      },
    });
  });

  it('tells long bytes by their number', async () => {
    const data = { short: Buffer.alloc(1_024, 1), long: Buffer.alloc(1_025), chunk: Buffer.alloc(983_040) };
    await stack.platform.database.commit([{ kind: 'set', path: 'bytes/b1', data }]);
    const fields = { short: data.short.toString('base64'), long: '1,025 bytes', chunk: '983,040 bytes' };
    await expect(stack.call('_local/store')).resolves.toMatchObject({ body: { bytes: { b1: { fields } } } });
  });

  it('shows what is used, as operators see it, without a call in the log for that', async () => {
    const before = stack.logs.length;
    const { status, body } = await stack.call('_local/usage');
    expect({ status, body }).toMatchObject({ status: 200, body: { rows: [], events: [] } });
    expect((body as { days: unknown[] }).days).toHaveLength(30);
    expect(stack.logs).toHaveLength(before);
  });

  it('shows the mails and the log', async () => {
    await expect(stack.call('_local/mail')).resolves.toMatchObject({ status: 200, body: [] });
    await stack.call('echo', { body: {}, headers: { 'request-id': 'look-for-this-one' } });
    const { body } = await stack.call('_local/log');
    expect(body).toContainEqual(
      expect.objectContaining({ function: 'echo', status: 200, requestId: 'look-for-this-one', severity: 'INFO' }),
    );
  });

  it('loads every file it names, under a policy that allows nothing else', async () => {
    const page = await fetch(stack.url);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(html).not.toMatch(/ style="|<script>| on[a-z]+="/);
    const paths = [...html.matchAll(/(?:src|href)="(\/_local\/page\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(paths.length).toBeGreaterThan(2);
    for (const path of new Set(paths)) expect((await fetch(stack.url + path)).status).toBe(200);
  });

  it('takes GET only, and only by a name that means this computer', async () => {
    await expect(stack.call('_local/mail', { body: {} })).resolves.toMatchObject({ status: 405 });
    const socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
    socket.end('GET /_local/mail HTTP/1.1\r\nhost: evil.example.com\r\nconnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 404 /);
  });
});

describe('a stack that cannot start', () => {
  it('says so when the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const starting = startStack({ port });
    await expect(starting.finally(() => server.close())).rejects.toThrow(
      `Port ${port} is in use: stop what listens there, or choose another one with --port.`,
    );
  });

  it('says so when the data folder cannot be written', async () => {
    await expect(startStack({ port: 0, dataDir: '/dev/null/data' })).rejects.toThrow(
      /^The data folder \/dev\/null\/data cannot be written \(.+\): choose another one with --data\.$/,
    );
  });
});
