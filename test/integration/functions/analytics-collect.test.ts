import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { limits } from '../../../shared/protocol/limits.ts';
import {
  basic,
  countedEvents,
  droppedEvents,
  hashed,
  sendBatch,
  storedEvents,
  trackEvent,
  waitForEvents,
  withKey,
} from '../../support/analytics.ts';
import { requestExecuted, segmentClient, versions } from '../../support/segment.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
beforeEach(async () => {
  stack = await startTestStack();
});
afterEach(() => stack.stop());

const collect = (path: string, body: object, headers: object = {}) =>
  stack.call(`analytics-collect${path}`, { body, headers: { ...withKey, ...headers } });

/** Every document of the store, as text. */
const wholeStore = async () => (await stack.call('_local/store')).text;

describe('Segment’s own library', () => {
  it.each(versions)(
    '%s delivers, and what is stored is what the document says less what the list does not name',
    async (version) => {
      const { client, failures, done } = segmentClient(version, stack.url);
      const anonymousId = randomUUID();
      client.track({ ...requestExecuted(), anonymousId, userId: '' });
      await done();
      const [event] = await waitForEvents(stack, 1);
      expect(failures).toEqual([]);
      expect(event).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        type: 'track',
        event: 'Request Executed',
        timestamp: expect.any(Number),
        receivedAt: expect.any(Number),
        anonymousId: await hashed(stack).anonymousId(anonymousId),
        userId: null,
        app: 'Insomnia',
        appVersion: '8.2.0',
        os: 'mac',
        osVersion: '14.0.0',
        library: '@segment/analytics-node',
        libraryVersion: version,
        properties: { preferredHttpVersion: 'default', authenticationType: 'bearer', mimeType: 'application/json' },
        expiresAt: new Date((event?.receivedAt ?? 0) + 90 * 86_400_000),
      });
      expect(await countedEvents(stack)).toBe(1);
    },
  );

  it.each(versions)('%s learns that a batch is not to be sent again', async (version) => {
    const { client, failures, done } = segmentClient(version, stack.url);
    // Past the library's own check, which counts some letters only.
    client.track({ ...requestExecuted(), anonymousId: randomUUID(), context: { note: 'a'.repeat(600_000) } });
    await done();
    expect(failures).toEqual([{ reason: '[400] Bad Request' }]);
    expect(stack.logs.filter(({ function: name }) => name === 'analytics-collect')).toHaveLength(1);
    expect(await storedEvents(stack)).toEqual([]);
  });

  it.each(versions)('%s sends again what Pub/Sub did not take, and it is stored once', async (version) => {
    const { publisher } = stack.platform;
    const publishAll = publisher.publishAll.bind(publisher);
    let calls = 0;
    publisher.publishAll = async (topic, messages) => {
      calls += 1;
      // The first time they do get through, and the answer is lost.
      if (calls === 1) await publishAll(topic, messages);
      if (calls <= 2) throw Object.assign(new Error('down'), { code: 'PUBLISH_FAILED' });
      return publishAll(topic, messages);
    };
    const { client, failures, done } = segmentClient(version, stack.url);
    for (let n = 0; n < 3; n += 1) client.track({ ...requestExecuted(), anonymousId: randomUUID() });
    await done();
    expect(failures).toEqual([]);
    expect(calls).toBe(3);
    await waitForEvents(stack, 3);
    const deliveries = () => stack.logs.filter((line) => line.message === 'analytics-ingest 204').length;
    while (deliveries() < 6) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await storedEvents(stack)).toHaveLength(3);
    expect(await countedEvents(stack)).toBe(3);
  });
});

describe('the write key', () => {
  const refused = { status: 401, body: { code: 'WRITE_KEY_INVALID' } };

  it('is asked for before anything is looked at', async () => {
    const none = await stack.call('analytics-collect/v1/batch', { body: { batch: 'no list' } });
    expect(none).toMatchObject(refused);
    expect(none.body).toMatchObject({
      detail: 'This call carries no write key, in Basic authentication or in its body.',
    });
    expect(none.headers.get('www-authenticate')).toBe('Basic realm="analytics"');
    for (const authorization of [basic('wrong'), basic(''), 'Bearer local-write-key', 'Basic !']) {
      expect(await collect('/v1/batch', { batch: [trackEvent()] }, { authorization })).toMatchObject(refused);
    }
    for (const writeKey of ['wrong', '', 7]) {
      const inBody = await stack.call('analytics-collect/v1/batch', { body: { batch: [trackEvent()], writeKey } });
      expect(inBody).toMatchObject(refused);
    }
    // What the header says counts.
    expect(
      await collect('/v1/track', { ...trackEvent(), writeKey: 'local-write-key' }, { authorization: basic('wrong') }),
    ).toMatchObject(refused);
    expect(await storedEvents(stack)).toEqual([]);
  });

  it('may stand in the body where there is no header', async () => {
    const body = { batch: [trackEvent()], writeKey: 'local-write-key' };
    expect(await stack.call('analytics-collect/v1/batch', { body })).toMatchObject({ status: 200 });
    await waitForEvents(stack, 1);
    expect(await wholeStore()).not.toContain('local-write-key');
  });

  it('rotates: two are valid at once, and a third is not', async () => {
    const { accepts } = await rotating('new-key\nold-key\nolder-key');
    expect([await accepts('new-key'), await accepts('old-key'), await accepts('older-key'), await accepts('')]).toEqual(
      [true, true, false, false],
    );
  });
});

async function rotating(text: string) {
  const { writeKeys } = await import('../../../shared/platform/write-keys.ts');
  const secret = { version: '1', bytes: Buffer.from(text) };
  return writeKeys({ current: async () => secret, version: async () => secret });
}

describe('the paths of the tracking API', () => {
  it('take one event each, and keep what is on the list', async () => {
    const { type: _path, ...event } = trackEvent();
    expect(await collect('/v1/track', event)).toMatchObject({ status: 200, body: { success: true } });
    expect(await collect('/v1/track/', { ...trackEvent(), messageId: 'another' })).toMatchObject({ status: 200 });
    for (const path of ['page', 'screen', 'identify', 'group', 'alias']) {
      const about = {
        userId: 'u',
        anonymousId: 'a',
        traits: { email: 'jane@example.com' },
        name: 'Home',
        previousId: 'p',
      };
      expect(await collect(`/v1/${path}`, about)).toMatchObject({ status: 200, body: { success: true } });
    }
    await waitForEvents(stack, 2);
    expect(await droppedEvents(stack)).toEqual({ unlisted: 5 });
    expect(await wholeStore()).not.toContain('jane@example.com');
  });

  it('are the only ones', async () => {
    for (const path of ['', '/', '/v1', '/v1/batch/more', '/v2/batch', '/v1/constructor', '/constructor']) {
      const answer = await collect(path, { batch: [] });
      expect(answer).toMatchObject({ status: 404, body: { code: 'FUNCTION_NOT_FOUND' } });
    }
    expect(await stack.call('analytics-collect/v1/batch', { headers: withKey })).toMatchObject({
      status: 405,
      body: { code: 'METHOD_NOT_ALLOWED', allowed: ['POST'] },
    });
  });

  it('are also found where a proxy leaves the function’s name in the path', async () => {
    expect(await collect('/analytics-collect/v1/batch', { batch: [] })).toMatchObject({ status: 200 });
  });

  it('read gzip', async () => {
    const body = gzipSync(JSON.stringify({ batch: [trackEvent()] }));
    const headers = { ...withKey, 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const response = await fetch(`${stack.url}/analytics-collect/v1/batch`, { method: 'POST', headers, body });
    expect(response.status).toBe(200);
    await waitForEvents(stack, 1);
  });
});

describe('what is kept', () => {
  it('is nothing that a client made up: words of lists, numbers, versions, times and keyed hashes', async () => {
    const secret = `Zq${randomUUID().replaceAll('-', '')}`;
    const event = trackEvent({
      messageId: `${secret}-message`,
      anonymousId: `${secret}-device`,
      userId: `${secret}-user`,
      properties: {
        preferredHttpVersion: secret,
        mimeType: `application/vnd.${secret}+json`,
        authenticationType: secret,
        url: `https://example.com/${secret}`,
        [secret]: secret,
      },
      context: {
        app: { name: secret, version: `${secret}`, build: secret },
        os: { name: secret, version: `6.5.0-${secret}` },
        library: { name: secret, version: `1.0.0-${secret}` },
        ip: `192.0.2.7 ${secret}`,
        userAgent: secret,
        locale: secret,
      },
      traits: { email: secret },
      integrations: { [secret]: true },
      _metadata: { secret },
      [secret]: secret,
    });
    const on = startedWithDefaultOn();
    const open = await on;
    try {
      expect(await sendBatch(open, [event], { [secret]: secret, writeKey: secret })).toMatchObject({ status: 200 });
      const [stored] = await waitForEvents(open, 1);
      expect(stored).toMatchObject({
        app: 'other',
        appVersion: 'other',
        os: 'other',
        osVersion: '6.5.0',
        library: 'other',
        libraryVersion: '1.0.0',
        properties: { preferredHttpVersion: 'other', mimeType: 'other', authenticationType: 'other' },
      });
      const everything = (await open.call('_local/store')).text + JSON.stringify(open.logs);
      expect(everything.toLowerCase()).not.toContain(secret.toLowerCase());
      expect(everything).not.toContain('192.0.2.7');
    } finally {
      await open.stop();
    }
  });

  const startedWithDefaultOn = () => startTestStack({ settings: { analyticsDefault: 'on' } });

  it('does not hold events that are not on the list, but how many there were', async () => {
    const name = `Secret ${randomUUID()}`;
    const batch = [trackEvent({ event: name }), trackEvent(), trackEvent({ event: name })];
    expect(await sendBatch(stack, batch)).toMatchObject({ status: 200, body: { success: true } });
    expect(await waitForEvents(stack, 1)).toHaveLength(1);
    expect(await droppedEvents(stack)).toEqual({ unlisted: 2 });
    expect(await wholeStore()).not.toContain(name);
  });

  it('has the time by the server’s clock, as far as the client says what its own is', async () => {
    const at = (offset: number) => new Date(Date.now() + offset).toISOString();
    const hour = 3_600_000;
    const cases = [
      // Ten seconds before it was sent, by a clock an hour fast, or slow.
      { id: 'fast', timestamp: at(hour - 10_000), sentAt: at(hour), expected: -10_000 },
      { id: 'slow', timestamp: at(-hour - 10_000), sentAt: at(-hour), expected: -10_000 },
      // Without `sentAt` it is believed, unless it cannot be.
      { id: 'alone', timestamp: at(-hour), expected: -hour },
      { id: 'future', timestamp: at(hour), expected: 0 },
      { id: 'ancient', timestamp: at(-100 * 24 * hour), expected: 0 },
      { id: 'none', expected: 0 },
    ];
    for (const { id, timestamp, sentAt } of cases) {
      await sendBatch(stack, [trackEvent({ messageId: id, timestamp })], sentAt === undefined ? {} : { sentAt });
    }
    const stored = await waitForEvents(stack, cases.length);
    for (const { id, expected } of cases) {
      const eventId = await stack.platform.sealer.hash('analytics-id-key', 'event', id);
      const event = stored.find((each) => each.id === eventId);
      const off = (event?.timestamp ?? 0) - (event?.receivedAt ?? 0) - expected;
      expect({ id, near: Math.abs(off) < 2_000 }).toEqual({ id, near: true });
    }
  });
});

describe('bad events', () => {
  const nested = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
  const many = { note: 'a'.repeat(limits.analyticsEventBytes) };
  const bad: [what: string, event: unknown, path: string, message: string][] = [
    ['that is a text', 'event', '', 'Invalid input: expected object, received string'],
    ['that is a list', [trackEvent()], '', 'Invalid input: expected object, received array'],
    ['without a type', { ...trackEvent(), type: undefined }, '/type', 'Invalid option: expected one of'],
    ['of an unknown type', trackEvent({ type: 'erasure' }), '/type', 'Invalid option: expected one of'],
    ['without a name', trackEvent({ event: undefined }), '/event', 'must be the name of what is tracked'],
    ['about nobody', trackEvent({ anonymousId: '', userId: '' }), '/anonymousId', 'must be given unless userId is'],
    ['whose id is a number', trackEvent({ userId: 7 }), '/userId', 'Invalid input: expected string, received number'],
    ['with a time that is none', trackEvent({ timestamp: 'now' }), '/timestamp', 'must be a time in ISO 8601'],
    [
      'with a property of another type',
      trackEvent({ properties: { mimeType: 5 } }),
      '/properties/mimeType',
      'must be a text',
    ],
    [
      'with a count that is none',
      trackEvent({ event: 'App Started', properties: { localProjects: -1 } }),
      '/properties/localProjects',
      'must be a whole number from 0 on',
    ],
    ['whose properties are a list', trackEvent({ properties: [1] }), '/properties', 'Invalid input: expected record'],
    ['that nests too deep', trackEvent({ properties: nested(50) }), '', 'must not nest deeper than 10 levels'],
    ['that is too large', trackEvent({ properties: many }), '', 'must be at most 32768 bytes of JSON'],
  ];

  it.each(bad)('one %s is told with its place, and costs the others nothing', async (_what, event, path, message) => {
    const batch = [trackEvent(), event, trackEvent()];
    expect(await sendBatch(stack, batch)).toMatchObject({
      status: 200,
      body: { success: true, rejected: [{ index: 1, errors: [{ path, message: expect.stringContaining(message) }] }] },
    });
    expect(await waitForEvents(stack, 2)).toHaveLength(2);
    expect(await droppedEvents(stack)).toEqual({ malformed: 1 });
  });

  it.each(bad)('a batch of nothing but one %s is refused', async (_what, event, path, message) => {
    expect(await sendBatch(stack, [event])).toMatchObject({
      status: 400,
      body: {
        code: 'INVALID_INPUT',
        errors: [{ path: `/batch/0${path}`, message: expect.stringContaining(message) }],
      },
    });
    expect(await storedEvents(stack)).toEqual([]);
  });

  it('one that nests beyond what the parser of a test can write is refused all the same', async () => {
    const deep = '['.repeat(80_000) + ']'.repeat(80_000);
    const headers = { ...withKey, 'content-type': 'application/json' };
    const body = `{"batch":[${JSON.stringify(trackEvent())},${deep}]}`;
    const response = await fetch(`${stack.url}/analytics-collect/v1/batch`, { method: 'POST', headers, body });
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 200,
      body: { rejected: [{ index: 1, errors: [{ message: 'must not nest deeper than 10 levels' }] }] },
    });
    await waitForEvents(stack, 1);
  });

  it('one alone is refused, with the field', async () => {
    expect(await collect('/v1/track', { ...trackEvent(), event: '' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', detail: '/event: must be the name of what is tracked' },
    });
    expect(await collect('/v1/track', trackEvent({ properties: many }))).toMatchObject({
      status: 400,
      body: { code: 'EVENTS_TOO_LARGE', limit: limits.analyticsEventBytes },
    });
    expect(await storedEvents(stack)).toEqual([]);
  });

  it.each([
    ['no batch', {}, 'INVALID_INPUT'],
    ['a batch that is no list', { batch: {} }, 'INVALID_INPUT'],
    ['a list', [trackEvent()], 'INVALID_INPUT'],
    ['a sentAt that is no time', { batch: [trackEvent()], sentAt: 'x' }, 'INVALID_INPUT'],
    ['too many events', { batch: Array.from({ length: 2_501 }, () => 1) }, 'INVALID_INPUT'],
    ['too many bytes', { batch: [trackEvent({ properties: { note: 'a'.repeat(520_000) } })] }, 'EVENTS_TOO_LARGE'],
  ])('a body with %s is refused whole', async (_what, body, code) => {
    expect(await collect('/v1/batch', body)).toMatchObject({ status: 400, body: { code } });
    expect(await storedEvents(stack)).toEqual([]);
  });

  it('a gzip bomb is refused at the limit', async () => {
    const body = gzipSync(`{"batch":[${' '.repeat(50_000_000)}]}`);
    const headers = { ...withKey, 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const response = await fetch(`${stack.url}/analytics-collect/v1/batch`, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'EVENTS_TOO_LARGE', limit: limits.analyticsBatchBytes });
  });

  it('takes a batch of no events, and as many as are allowed', async () => {
    expect(await sendBatch(stack, [])).toMatchObject({ status: 200, body: { success: true } });
    const most = Array.from({ length: 2_500 }, (_, n) => ({ type: 'track', event: 'x', anonymousId: `${n}` }));
    expect(await sendBatch(stack, most)).toMatchObject({ status: 200, body: { success: true } });
    expect(await droppedEvents(stack)).toEqual({ unlisted: 2_500 });
  });
});
