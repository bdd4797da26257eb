import { lifetimes } from '../../shared/protocol/limits.ts';
import { analyticsDaily, type Cell, type DailyCount } from '../../shared/store/analytics.ts';
import { create, type Ref, type Stored, update, type Write } from '../../shared/store/database.ts';
import { otherWord } from './allow-list.ts';
import { addTo, emptySketch } from './sketch.ts';

/** What a roll-up needs to know of an event. */
export interface Counted {
  readonly day: string;
  readonly event: string;
  readonly appVersion: string;
  readonly os: string;
  /** A hash of the device that is another one every day; none where the event names neither device nor account. */
  readonly device: string;
}

/** Cells of one document; further versions are counted as `other`, so that made-up ones cannot make it too large. */
const mostCells = 60;

/** The document in which this process counts an event. */
export const rollUpOf = ({ day, event }: Pick<Counted, 'day' | 'event'>, shard: number): Ref<DailyCount> =>
  analyticsDaily.doc(`${day}.${event.replaceAll(' ', '-')}.${shard}`);

/** Adds events of one day and name to what has been counted: one write, with a precondition. */
export function addToRollUp(
  ref: Ref<DailyCount>,
  stored: Stored<DailyCount> | undefined,
  events: readonly Counted[],
): Write {
  const cells: Record<string, Cell> = { ...stored?.data.cells };
  for (const { appVersion, os, device } of events) {
    const key = cellKey(cells, appVersion, os);
    const { count, devices } = cells[key] ?? { count: 0, devices: emptySketch() };
    cells[key] = { count: count + 1, devices: addTo(devices, device) };
  }
  if (stored !== undefined) return update(stored, { cells });
  const [first] = events;
  if (first === undefined) throw new Error('Nothing is to be counted.');
  const { day, event } = first;
  return create(ref, { day, event, cells, expiresAt: new Date(Date.parse(day) + lifetimes.analyticsEvent) });
}

function cellKey(cells: Readonly<Record<string, Cell>>, appVersion: string, os: string): string {
  const key = `${appVersion} ${os}`;
  return Object.hasOwn(cells, key) || Object.keys(cells).length < mostCells ? key : `${otherWord} ${os}`;
}
