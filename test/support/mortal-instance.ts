import { once } from 'node:events';
import type { Platform } from '../../shared/platform/context.ts';
import { createPlatform } from '../../shared/platform/platform.ts';
import type { Settings } from '../../shared/platform/settings.ts';
import type { Database, Projection, Query, Ref } from '../../shared/store/database.ts';
import { bytesRequest, callInProcess, type InProcessAnswer } from './in-process.ts';

/** One request, as text that can be handed to another process. */
export interface Order {
  readonly name: string;
  readonly method: 'POST' | 'PUT';
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** base64 */
  readonly body: string;
}

/** Where a process ends: at its so many-th store operation, before that is sent or after it has succeeded. */
export interface Death {
  readonly operation: number;
  readonly when: 'before' | 'after';
}

/** Time stands still, so that what is written at different times can be compared. */
export const stillClock = { now: () => 1_800_000_000_000 };

/** An instance of the functions with a store of its own project. */
export function instance(settings: Settings) {
  const platform = createPlatform(settings, {}, { write: () => {} });
  return { ...platform, clock: stillClock };
}

export function carryOut(order: Order, platform: Platform): Promise<InProcessAnswer> {
  const { name, method, query, headers, body } = order;
  return callInProcess(name, bytesRequest(method, query, Buffer.from(body, 'base64'), headers), platform);
}

/** A store operation as it begins or has ended: its number, from 1, and whether it writes. */
export interface Moment {
  readonly operation: number;
  readonly when: Death['when'];
  readonly writes: boolean;
}

/** The same database, telling of each operation before and after. */
export function watched(database: Database, tell: (moment: Moment) => Promise<void>): Database {
  let begun = 0;
  const pass = async <T>(run: () => Promise<T>, writes = false): Promise<T> => {
    begun += 1;
    const operation = begun;
    await tell({ operation, when: 'before', writes });
    const answer = await run();
    await tell({ operation, when: 'after', writes });
    return answer;
  };
  return {
    get: <const R extends readonly Ref<unknown>[]>(...refs: R) => pass(() => database.get(...refs)),
    list: <T, K extends keyof T & string>(query: Query<T> & Projection<K>) => pass(() => database.list<T, K>(query)),
    sum: (query, field) => pass(() => database.sum(query, field)),
    count: (query) => pass(() => database.count(query)),
    commit: (writes) => pass(() => database.commit(writes), true),
  };
}

interface Task {
  readonly settings: Settings;
  readonly order: Order;
  readonly death?: Death;
}

/** The program: carries out what its first argument says, and dies on the way or prints the answer. */
async function main(): Promise<void> {
  const { settings, order, death }: Task = JSON.parse(process.argv[2] ?? '');
  const platform = instance(settings);
  const database = watched(platform.database, async ({ operation, when }) => {
    if (operation !== death?.operation || when !== death.when) return;
    process.kill(process.pid, 'SIGKILL');
    await once(process, 'never');
  });
  process.stdout.write(JSON.stringify(await carryOut(order, { ...platform, database })));
  await platform.close();
}

if (import.meta.main) await main();
