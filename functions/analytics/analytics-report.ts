import type * as z from 'zod';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { internalOperation } from '../../shared/platform/operation.ts';
import { type DropReason, dropReasons, analyticsReport as wire } from '../../shared/protocol/analytics.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { analyticsDaily, analyticsDropped } from '../../shared/store/analytics.ts';
import type { Database } from '../../shared/store/database.ts';
import { csvOf } from './report-csv.ts';
import { emptySketch, estimate, merge, type Sketch } from './sketch.ts';
import { dayOf } from './time.ts';

const dayMs = 86_400_000;
const defaultDays = 30;

type Report = z.output<typeof wire.output>;

export const analyticsReport = httpFunction('analytics-report', {
  GET: internalOperation({
    summary:
      'For operators: what is used, by day, event, app version and system, and how much was not kept; JSON or CSV',
    about: 'Who asks for `text/csv` gets the rows as a table.',
    ...wire,
    success: 200,
    csv: { fileName: 'analytics.csv', draw: csvOf },
    handle: usageReport,
  }),
});

export async function usageReport(
  input: z.output<typeof wire.input>,
  { database, clock }: Pick<Context, 'database' | 'clock'>,
): Promise<Report> {
  const { from, to } = span(input, clock.now());
  const days: Report['days'] = [];
  const rows: Row[] = [];
  // A day at a time: no day is read twice, and no more than one is in memory as it is stored.
  for (let time = Date.parse(from); time <= Date.parse(to); time += dayMs) {
    const day = dayOf(time);
    const [ofDay, dropped] = await Promise.all([rowsOf(day, database), droppedOn(day, database)]);
    rows.push(...ofDay);
    days.push({ day, ...total(ofDay), dropped });
  }
  return {
    from,
    to,
    days,
    rows: rows.map(({ day, event, appVersion, os, count, devices }) => ({
      ...{ day, event, appVersion, os, count },
      devices: estimate(devices),
    })),
    events: by(rows, 'event').map(([event, counts]) => ({ event, ...counts })),
    appVersions: by(rows, 'appVersion').map(([appVersion, counts]) => ({ appVersion, ...counts })),
    systems: by(rows, 'os').map(([os, counts]) => ({ os, ...counts })),
  };
}

/** @throws Problem `INVALID_INPUT` when it is no span of days, or one of too many */
function span({ from, to }: z.output<typeof wire.input>, now: number): { from: string; to: string } {
  const last = to ?? dayOf(now);
  const first = from ?? dayOf(Date.parse(last) - (defaultDays - 1) * dayMs);
  const days = (Date.parse(last) - Date.parse(first)) / dayMs + 1;
  if (days >= 1 && days <= limits.analyticsReportDays) return { from: first, to: last };
  const message = `must be 1 to ${limits.analyticsReportDays} days from \`from\` on`;
  throw new Problem('INVALID_INPUT', `to: ${message}`, { errors: [{ path: '/to', message }] });
}

interface Row {
  readonly day: string;
  readonly event: string;
  readonly appVersion: string;
  readonly os: string;
  readonly count: number;
  readonly devices: Sketch;
}

/** What all shards have counted on a day, put together. */
async function rowsOf(day: string, database: Database): Promise<Row[]> {
  const shards = await database.list({ collection: analyticsDaily, where: [['day', '==', day]] });
  const cells = shards.flatMap(({ data: { event, cells } }) =>
    Object.entries(cells).map(([key, cell]) => {
      const [appVersion = '', os = ''] = key.split(' ');
      return { day, event, appVersion, os, ...cell };
    }),
  );
  const groups = Map.groupBy(cells, ({ event, appVersion, os }) => [event, appVersion, os].join('\n'));
  return [...groups.values()]
    .flatMap((same) => (same[0] === undefined ? [] : [{ ...same[0], count: sum(same), devices: union(same) }]))
    .toSorted((a, b) => b.count - a.count || (a.event < b.event ? -1 : 1));
}

async function droppedOn(day: string, database: Database): Promise<Record<DropReason, number>> {
  const shards = await database.list({ collection: analyticsDropped, where: [['day', '==', day]] });
  const of = (reason: DropReason) => sum(shards.map(({ data }) => data).filter((each) => each.reason === reason));
  return Object.fromEntries(dropReasons.map((reason) => [reason, of(reason)])) as Record<DropReason, number>;
}

const sum = (parts: readonly { readonly count: number }[]) => parts.reduce((total, { count }) => total + count, 0);
const union = (rows: readonly Pick<Row, 'devices'>[]) =>
  rows.map(({ devices }) => devices).reduce(merge, emptySketch());
const total = (rows: readonly Row[]) => ({ count: sum(rows), devices: estimate(union(rows)) });

/** Devices of different days cannot be told to be the same: so of several days the most of one of them is told. */
function by(rows: readonly Row[], dimension: 'event' | 'appVersion' | 'os') {
  const groups = Map.groupBy(rows, (row) => row[dimension]);
  return [...groups]
    .map(([value, same]) => {
      const days = [...Map.groupBy(same, ({ day }) => day).values()];
      return [value, { count: sum(same), devices: Math.max(...days.map((each) => total(each).devices)) }] as const;
    })
    .toSorted(([, a], [, b]) => b.count - a.count);
}
