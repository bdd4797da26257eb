import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allowList } from '../../../functions/analytics/allow-list.ts';
import type { Column, EventRow } from '../../../functions/analytics/row.ts';
import { analyticsDaily } from '../../../shared/store/analytics.ts';
import {
  countedEvents,
  hashed,
  listenToTopic,
  sendBatch,
  storedEvents,
  trackEvent,
  waitForEvents,
} from '../../support/analytics.ts';
import { callInProcess } from '../../support/in-process.ts';
import { pushOf } from '../../support/mail.ts';
import { operationCosts } from '../../support/operation-costs.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
beforeEach(async () => {
  stack = await startTestStack({ settings: { analyticsDefault: 'on' } });
});
afterEach(() => stack.stop());

const rowOf = (more: Partial<EventRow> = {}): EventRow => ({
  eventId: randomUUID().replaceAll('-', '').repeat(2),
  type: 'track',
  event: 'Request Executed',
  timestamp: '2026-01-31T23:59:59.999Z',
  receivedAt: '2026-01-31T23:59:59.999Z',
  anonymousId: 'a'.repeat(64),
  appVersion: '10.1.1',
  os: 'linux',
  ...more,
});
const ingest = (row: object, messageId?: string) =>
  callInProcess('analytics-ingest', pushOf(row, messageId), stack.platform);

describe('an event', () => {
  it('is stored and counted once, delivered fifty times at once under different Pub/Sub ids', async () => {
    const row = rowOf();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => ingest(row, `${n}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect((await ingest(row)).status).toBe(204);
    expect(await storedEvents(stack)).toHaveLength(1);
    expect(await countedEvents(stack)).toBe(1);
  });

  it('is stored with what came at the same time, whichever of it is there already', async () => {
    const rows = Array.from({ length: 120 }, () => rowOf());
    await Promise.all(rows.filter((_, n) => n % 3 === 0).map((row) => ingest(row)));
    const before = stack.logs.length;
    await Promise.all(rows.map((row) => ingest(row)));
    expect(await storedEvents(stack)).toHaveLength(120);
    expect(await countedEvents(stack)).toBe(120);
    expect(stack.logs.slice(before).filter(({ severity }) => severity === 'ERROR')).toEqual([]);
  });

  it('costs two writes and two reads, and among many at once less', async () => {
    const costs = (from: number) => {
      const lines = stack.logs.slice(from);
      const sum = (field: 'reads' | 'writes') => lines.reduce((total, line) => total + Number(line[field]), 0);
      return { reads: sum('reads'), writes: sum('writes') };
    };
    await ingest(rowOf());
    const one = stack.logs.length;
    await ingest(rowOf());
    expect(costs(one)).toEqual(operationCosts.usageEvent);
    const many = stack.logs.length;
    await Promise.all(Array.from({ length: 50 }, () => ingest(rowOf())));
    // Fifty together: an event each, and one roll-up.
    expect(costs(many)).toEqual({ reads: 2, writes: 51 });
  });

  it('is tried again when the store is away, and is not lost', async () => {
    const { database } = stack.platform;
    const away = () => Promise.reject(Object.assign(new Error('away'), { code: 'STORE_UNAVAILABLE' }));
    const row = rowOf();
    const down = { ...stack.platform, database: { ...database, commit: away } };
    expect(await callInProcess('analytics-ingest', pushOf(row), down)).toMatchObject({
      status: 503,
      body: { code: 'UNAVAILABLE', detail: 'A service behind this one does not answer.' },
    });
    expect((await ingest(row)).status).toBe(204);
    expect(await countedEvents(stack)).toBe(1);
  });

  it('that does not fit goes to the dead-letter topic, and stores nothing', async () => {
    const dead = await listenToTopic(stack, 'analytics-events-dead');
    const poison = { ...rowOf(), note: 'extra' };
    await stack.platform.publisher.publishAll('analytics-events', [poison, rowOf()]);
    expect(await dead(1)).toEqual([poison]);
    expect(await storedEvents(stack)).toHaveLength(1);
    expect((await ingest(poison)).status).toBe(400);
  });
});

describe('the roll-up', () => {
  const report = async (query: Record<string, string> = {}, accept = 'application/json') =>
    stack.call('analytics-report', { query, headers: { accept } });
  const span = { from: '2026-01-30', to: '2026-02-01' };

  it('counts by event, version and system, with distinct devices of each day', async () => {
    const device = (n: number) => n.toString(16).padStart(64, '0');
    const rows = [
      ...Array.from({ length: 30 }, (_, n) => rowOf({ anonymousId: device(n % 10) })),
      ...Array.from({ length: 5 }, (_, n) => rowOf({ anonymousId: device(n), os: 'mac', appVersion: '10.2.0' })),
      rowOf({ event: 'App Started', anonymousId: device(99), timestamp: '2026-02-01T00:00:00.000Z' }),
    ];
    await Promise.all(rows.map((row) => ingest(row)));
    const { body } = await report(span);
    expect(body).toMatchObject({
      ...span,
      days: [
        { day: '2026-01-30', count: 0, devices: 0 },
        { day: '2026-01-31', count: 35, devices: 10 },
        { day: '2026-02-01', count: 1, devices: 1 },
      ],
      rows: [
        { day: '2026-01-31', event: 'Request Executed', appVersion: '10.1.1', os: 'linux', count: 30, devices: 10 },
        { day: '2026-01-31', event: 'Request Executed', appVersion: '10.2.0', os: 'mac', count: 5, devices: 5 },
        { day: '2026-02-01', event: 'App Started', appVersion: '10.1.1', os: 'linux', count: 1, devices: 1 },
      ],
      events: [
        { event: 'Request Executed', count: 35, devices: 10 },
        { event: 'App Started', count: 1, devices: 1 },
      ],
      appVersions: [
        { appVersion: '10.1.1', count: 31, devices: 10 },
        { appVersion: '10.2.0', count: 5, devices: 5 },
      ],
      systems: [
        { os: 'linux', count: 31, devices: 10 },
        { os: 'mac', count: 5, devices: 5 },
      ],
    });
    const csv = await report(span, 'text/csv');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="analytics.csv"');
    expect(csv.text.split('\r\n')).toEqual([
      'day,event,appVersion,os,count,devices',
      '2026-01-31,Request Executed,10.1.1,linux,30,10',
      '2026-01-31,Request Executed,10.2.0,mac,5,5',
      '2026-02-01,App Started,10.1.1,linux,1,1',
      '',
    ]);
  });

  it('is the same over however many shards it is spread', async () => {
    await Promise.all([ingest(rowOf()), ingest(rowOf())]);
    const [doc] = await stack.platform.database.list({ collection: analyticsDaily, where: [] });
    if (doc === undefined) throw new Error('Nothing was counted.');
    const path = doc.ref.path.replace(/\d+$/, 'another');
    await stack.platform.database.commit([{ kind: 'create', path, data: doc.data }]);
    expect((await report(span)).body).toMatchObject({ rows: [{ count: 4, devices: 1 }] });
  });

  it('stays small when versions are made up', async () => {
    const rows = Array.from({ length: 200 }, (_, n) => rowOf({ appVersion: `1.0.${n}` }));
    await Promise.all(rows.map((row) => ingest(row)));
    const docs = await stack.platform.database.list({ collection: analyticsDaily, where: [] });
    for (const { data } of docs) expect(Object.keys(data.cells).length).toBeLessThanOrEqual(64);
    expect(await countedEvents(stack)).toBe(200);
    expect(JSON.stringify((await report(span)).body)).toContain('"appVersion":"other"');
  });

  it.each([
    [{ from: '2026-02-30' }, '/from'],
    [{ to: 'today' }, '/to'],
    [{ from: '2026-02-02', to: '2026-02-01' }, '/to'],
    [{ from: '2025-01-01', to: '2026-02-01' }, '/to'],
  ])('is not reported for %j', async (query, path) => {
    expect(await report(query)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path }] } });
  });

  it('is reported for the last 30 days unless asked otherwise, with what was not kept', async () => {
    await sendBatch(stack, [trackEvent(), trackEvent({ event: 'Unknown' }), 'malformed']);
    await waitForEvents(stack, 1);
    const { days } = (await report()).body as { days: object[] };
    expect(days).toHaveLength(30);
    const dropped = { unlisted: 1, malformed: 1, optedOut: 0, signal: 0 };
    expect(days.at(-1)).toMatchObject({ count: 1, devices: 1, dropped });
  });
});

describe('every published message', () => {
  const schema = async (): Promise<Column[]> =>
    JSON.parse(await readFile(join(import.meta.dirname, '../../../functions/analytics/bigquery-table.json'), 'utf8'));

  /** What BigQuery would say of a row, by the rules for JSON and a table's schema. */
  function misfits(row: Readonly<Record<string, unknown>>, columns: readonly Column[], at = ''): string[] {
    const known = new Set(columns.map(({ name }) => name));
    const unknown = Object.keys(row).filter((name) => !known.has(name));
    const wrong = columns.filter(({ name, mode, type, fields = [] }) => {
      const value = row[name];
      if (value === undefined) return mode === 'REQUIRED';
      if (type === 'RECORD') return misfits(value as Record<string, unknown>, fields).length > 0;
      if (type === 'TIMESTAMP') return !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(value));
      if (type === 'INTEGER') return !Number.isSafeInteger(value);
      return typeof value !== (type === 'BOOLEAN' ? 'boolean' : 'string');
    });
    return [...unknown, ...wrong.map(({ name }) => name)].map((name) => `${at}/${name}`);
  }

  it('fits the table of BigQuery', async () => {
    const columns = await schema();
    const heard = await listenToTopic(stack, 'analytics-events');
    const full = allowList.map(({ type, name, properties }) => {
      const values = Object.entries(properties).map(([property, rule]) => {
        const value = rule.kind === 'word' ? rule.words[0] : rule.kind === 'count' ? 3 : true;
        return [property, value];
      });
      return trackEvent({ type, event: name, userId: 'u', properties: Object.fromEntries(values) });
    });
    const bare = allowList.map(({ type, name }) => ({ type, event: name, anonymousId: randomUUID() }));
    const odd = trackEvent({ properties: { mimeType: 'x/y', extra: {} }, context: { app: {}, os: null } });
    expect((await sendBatch(stack, [...full, ...bare, odd])).body).toEqual({ success: true });
    const rows = await heard(2 * allowList.length + 1);
    expect(rows.flatMap((row) => misfits(row, columns))).toEqual([]);
    // What the check itself would find.
    const [row] = rows;
    expect(misfits({ ...row, note: 1, timestamp: 5, type: undefined, properties: { mimeType: 5 } }, columns)).toEqual([
      '/note',
      '/type',
      '/timestamp',
      '/properties',
    ]);
    await waitForEvents(stack, rows.length);
    expect(await hashed(stack).userId('u')).toBe(rows.find(({ userId }) => userId !== undefined)?.userId);
  });

  it('has columns whose names BigQuery takes, in one spelling and one type each', async () => {
    const columns = await schema();
    const all = [columns, columns.find(({ name }) => name === 'properties')?.fields ?? []];
    for (const names of all.map((list) => list.map(({ name }) => name))) {
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[A-Za-z]\w{0,127}$/);
    }
    // Pub/Sub's own columns stand beside them.
    for (const name of ['subscription_name', 'message_id', 'publish_time', 'attributes']) {
      expect(columns.map((column) => column.name)).not.toContain(name);
    }
    const properties = allowList.flatMap(({ properties }) => Object.entries(properties));
    for (const [name, same] of Map.groupBy(properties, ([name]) => name)) {
      expect({ name, kinds: new Set(same.map(([, { kind }]) => kind)).size }).toEqual({ name, kinds: 1 });
    }
  });
});
