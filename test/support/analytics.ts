import { randomUUID } from 'node:crypto';
import type { EventRow } from '../../functions/analytics/row.ts';
import { subjects } from '../../functions/analytics/subject.ts';
import type { DropReason } from '../../shared/protocol/analytics.ts';
import { analyticsDaily, analyticsDropped, analyticsEvents, type StoredEvent } from '../../shared/store/analytics.ts';
import type { TestStack } from './stack.ts';

export const basic = (key: string) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
export const withKey = { authorization: basic('local-write-key') };

/** One event as a client sends it. */
export const trackEvent = (more: object = {}) => ({
  type: 'track',
  event: 'Request Executed',
  messageId: `node-next-1700000000000-${randomUUID()}`,
  anonymousId: randomUUID(),
  properties: { preferredHttpVersion: 'default', mimeType: 'application/json' },
  context: {
    app: { name: 'Insomnia', version: '8.2.0' },
    os: { name: 'mac', version: '14.0.0' },
    library: { name: '@segment/analytics-node', version: '1.0.0' },
  },
  integrations: {},
  ...more,
});

export const sendBatch = (stack: TestStack, batch: readonly unknown[], more: object = {}, headers: object = {}) =>
  stack.call('analytics-collect/v1/batch', { body: { batch, ...more }, headers: { ...withKey, ...headers } });

export const storedEvents = async (stack: TestStack): Promise<(StoredEvent & { readonly id: string })[]> =>
  (await stack.platform.database.list({ collection: analyticsEvents, where: [] })).map(({ id, data }) => ({
    id,
    ...data,
  }));

/** Once so many are stored. */
export async function waitForEvents(stack: TestStack, count: number) {
  while ((await stack.platform.database.count({ collection: analyticsEvents, where: [] })) < count) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return storedEvents(stack);
}

/** All that the roll-ups have counted. */
export async function countedEvents(stack: TestStack): Promise<number> {
  const docs = await stack.platform.database.list({ collection: analyticsDaily, where: [] });
  return docs.flatMap(({ data }) => Object.values(data.cells)).reduce((sum, { count }) => sum + count, 0);
}

export async function droppedEvents(stack: TestStack): Promise<Partial<Record<DropReason, number>>> {
  const docs = await stack.platform.database.list({ collection: analyticsDropped, where: [] });
  const counts: Partial<Record<DropReason, number>> = {};
  for (const { data } of docs) counts[data.reason] = (counts[data.reason] ?? 0) + data.count;
  return counts;
}

/** What events carry in the place of an id. */
export const hashed = (stack: TestStack) => subjects(stack.platform.sealer);

/** Reads a topic beside the functions, as BigQuery does. */
export async function listenToTopic(stack: TestStack, topic: string) {
  const { projectId } = stack;
  const base = `http://${process.env.PUBSUB_EMULATOR_HOST}/v1/projects/${projectId}/subscriptions/beside-${topic}`;
  const send = async (method: string, url: string, body: object) => {
    const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(url, init);
    if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  await send('PUT', base, { topic: `projects/${projectId}/topics/${topic}` });
  /** So many messages, come or yet to come. */
  return async (count: number): Promise<EventRow[]> => {
    const rows: EventRow[] = [];
    while (rows.length < count) {
      const { receivedMessages = [] } = (await send('POST', `${base}:pull`, { maxMessages: 1000 })) as {
        receivedMessages?: { ackId: string; message: { data: string } }[];
      };
      if (receivedMessages.length === 0) continue;
      await send('POST', `${base}:acknowledge`, { ackIds: receivedMessages.map(({ ackId }) => ackId) });
      rows.push(...receivedMessages.map(({ message }) => JSON.parse(Buffer.from(message.data, 'base64').toString())));
    }
    return rows;
  };
}
