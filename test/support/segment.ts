import { Analytics as Analytics1 } from 'segment-analytics-1';
import { Analytics as Analytics2 } from 'segment-analytics-2';
import { Analytics as Analytics3 } from 'segment-analytics-3';

interface Event {
  readonly anonymousId?: string;
  readonly userId?: string;
  readonly [field: string]: unknown;
}

/** What the versions have in common. */
interface Client {
  track(event: Event): unknown;
  page(event: Event): unknown;
  identify(event: Event): unknown;
  on(event: 'error', listener: (error: { readonly reason?: unknown }) => void): unknown;
  closeAndFlush(options: { readonly timeout: number }): Promise<void>;
}

type Library = new (settings: object) => Client;

/** Segment's library: as the standards document has it, as the app sends with today, and the newest. */
const libraries = { '1.0.0': Analytics1, '2.1.0': Analytics2, '3.1.0': Analytics3 };
export type Version = keyof typeof libraries;
export const versions = Object.keys(libraries) as Version[];

interface Options {
  readonly writeKey?: string;
  readonly maxEventsInBatch?: number;
  readonly maxRetries?: number;
}

/** A client that sends to this stack: host and path are all that is set. */
export function segmentClient(version: Version, url: string, { writeKey = 'local-write-key', ...more }: Options = {}) {
  const client = new (libraries[version] as unknown as Library)({
    writeKey,
    host: url,
    path: '/analytics-collect/v1/batch',
    flushInterval: 100,
    ...more,
  });
  const failures: { readonly reason: string }[] = [];
  client.on('error', (error) => {
    failures.push({ reason: error.reason instanceof Error ? error.reason.message : String(error.reason) });
  });
  /** Once everything is sent, or given up. Older versions would wait no longer than for one flush. */
  const done = () => client.closeAndFlush({ timeout: 600_000 });
  return { client, failures, done };
}

/** As the app sends it: https://github.com/Kong/insomnia sends exactly these fields. */
export const requestExecuted = (more: object = {}) => ({
  event: 'Request Executed',
  properties: { preferredHttpVersion: 'default', authenticationType: 'bearer', mimeType: 'application/json' },
  context: { app: { name: 'Insomnia', version: '8.2.0' }, os: { name: 'mac', version: '14.0.0' } },
  ...more,
});
