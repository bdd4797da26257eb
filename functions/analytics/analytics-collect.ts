import { httpFunction } from '../../shared/platform/definition.ts';
import { writeKeyOperation } from '../../shared/platform/operation.ts';
import { analyticsBatch, analyticsEvent, type EventType, eventTypes } from '../../shared/protocol/analytics.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { type Collected, collect } from './collect.ts';
import { analyticsTopic } from './topic.ts';

const headers = ['dnt', 'sec-gpc'];

const batch = writeKeyOperation({
  summary: 'Take usage events, as the HTTP tracking API of Segment does; what is not on the allow-list is dropped',
  ...analyticsBatch,
  success: 200,
  headers,
  problems: ['WRITE_KEY_INVALID', 'EVENTS_TOO_LARGE'],
  bodyBytes: limits.analyticsBatchBytes,
  tooLarge: 'EVENTS_TOO_LARGE',
  handle: async ({ batch: events, sentAt, ...signals }, context) =>
    answer(await collect(events, { sentAt, refused: saysNo(signals) }, context), '/batch'),
});

const single = (type: EventType) =>
  writeKeyOperation({
    summary: `Take one usage event (${type}); what is not on the allow-list is dropped`,
    about: 'What an event holds: docs/analytics.md.',
    ...analyticsEvent,
    success: 200,
    headers,
    problems: ['WRITE_KEY_INVALID', 'EVENTS_TOO_LARGE'],
    bodyBytes: limits.analyticsEventBytes,
    tooLarge: 'EVENTS_TOO_LARGE',
    handle: async ({ sentAt, dnt, 'sec-gpc': gpc, ...event }, context) =>
      answer(await collect([{ ...event, type }], { sentAt, refused: saysNo({ dnt, 'sec-gpc': gpc }) }, context)),
  });

const singles = eventTypes.map((type) => [`/v1/${type}`, { POST: single(type) }] as const);

export const analyticsCollect = httpFunction(
  'analytics-collect',
  {},
  {
    paths: { '/v1/batch': { POST: batch }, ...Object.fromEntries(singles) },
    secrets: ['analytics-write-keys', 'analytics-id-key'],
    publishes: [analyticsTopic],
    resources: { concurrency: 80, maxInstances: 10 },
  },
);

/** `DNT: 1` or `Sec-GPC: 1` */
const saysNo = (signals: { readonly dnt?: string | undefined; readonly 'sec-gpc'?: string | undefined }): boolean =>
  signals.dnt === '1' || signals['sec-gpc'] === '1';

/**
 * Segment answers 200 and drops the bad events of a batch, and the library drops a whole batch for a 400. So one bad
 * event costs the others nothing; only where none is well-formed does the batch fail.
 * @param list - where the events stand in the body, if in a list
 */
function answer({ taken, rejected }: Collected, list?: string): { success: true; rejected?: Collected['rejected'] } {
  if (rejected.length === 0) return { success: true };
  if (taken > 0) return { success: true, rejected };
  const errors = rejected
    .flatMap(({ index, errors }) =>
      errors.map(({ path, message }) => ({ path: list === undefined ? path : `${list}/${index}${path}`, message })),
    )
    .slice(0, 20);
  const [first] = errors;
  throw new Problem('INVALID_INPUT', `${first?.path || 'The event'}: ${first?.message}`, { errors });
}
