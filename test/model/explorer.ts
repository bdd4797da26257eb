import {
  CommitConflict,
  type Database,
  type Projection,
  type Query,
  type Ref,
  type Write,
} from '../../shared/store/database.ts';
import type { Random } from './random.ts';

/**
 * Which of the waiting operations goes next: any; mostly the same device's again; those of the device that comes first
 * in a changing order; mostly others than queries, which so come long after what was read before them; several at once,
 * so that they meet in the store itself.
 */
export const policies = ['uniform', 'sticky', 'ranked', 'late', 'race'] as const;
export type Policy = (typeof policies)[number];

/** A commit that the store took, and between which ticks. */
export interface Committed {
  readonly writes: readonly Write[];
  readonly released: number;
  readonly done: number;
}

interface Waiting {
  readonly device: string;
  readonly label: string;
  readonly release: () => void;
}

const hangMs = 20_000;
const raceChance = 0.4;
/** How often a policy has its way. */
const ownWayChance = 0.8;
const rerankChance = 0.05;

/**
 * Decides who goes next at the store boundary. Every operation of every device waits here; when each living device has
 * one waiting, one is released (or several), and nobody else until what was released has come back. So with all
 * policies but `race`, what happens is a function of the seed alone.
 */
export class Explorer {
  /** Operations released, with the device of each: equal for equal seeds, unless they raced. */
  readonly trace: string[] = [];
  /** Releases of more than one operation at a time. */
  races = 0;
  #tick = 0;
  #inFlight = 0;
  #looking = false;
  #waiting: Waiting[] = [];
  readonly #living = new Set<string>();
  #last = '';
  #ranks = new Map<string, number>();
  readonly #policy: Policy;
  readonly #random: Random;

  constructor(policy: Policy, random: Random) {
    this.#policy = policy;
    this.#random = random;
  }

  /** A new moment. Calls and commits are placed by it. */
  tick(): number {
    this.#tick += 1;
    return this.#tick;
  }

  /** Runs all programs to their ends. */
  async run(programs: ReadonlyMap<string, () => Promise<void>>): Promise<void> {
    for (const device of programs.keys()) this.#living.add(device);
    const hung = Promise.withResolvers<never>();
    let seen = -1;
    const watch = setInterval(() => {
      if (seen === this.trace.length) hung.reject(new Error(`Nothing moves; the last was ${this.trace.at(-1)}.`));
      seen = this.trace.length;
    }, hangMs);
    const running = [...programs].map(async ([device, program]) => {
      try {
        await program();
      } finally {
        this.#living.delete(device);
        this.#look();
      }
    });
    try {
      await Promise.race([Promise.all(running), hung.promise]);
    } finally {
      clearInterval(watch);
    }
  }

  /** The database as one device sees it. Its session is nobody else's business: reading that needs no turn. */
  database(device: string, database: Database, committed: (commit: Committed) => void): Database {
    const pass = <T>(label: string, run: () => Promise<T>) => this.#pass(device, label, run);
    return {
      get: <const R extends readonly Ref<unknown>[]>(...refs: R) => {
        const run = () => database.get(...refs);
        return refs.every(({ path }) => path.startsWith('sessions/')) ? run() : pass(`get ${refs.length}`, run);
      },
      list: <T, K extends keyof T & string>(query: Query<T> & Projection<K>) =>
        pass('list', () => database.list<T, K>(query)),
      sum: (query, field) => pass('sum', () => database.sum(query, field)),
      count: (query) => pass('count', () => database.count(query)),
      commit: (writes) =>
        pass(`commit ${writes.length}`, async () => {
          const released = this.tick();
          try {
            await database.commit(writes);
          } catch (error) {
            if (error instanceof CommitConflict) this.trace.push(`${device} met a conflict`);
            throw error;
          }
          committed({ writes, released, done: this.tick() });
        }),
    };
  }

  async #pass<T>(device: string, label: string, run: () => Promise<T>): Promise<T> {
    if (!this.#living.has(device)) return run();
    const turn = Promise.withResolvers<void>();
    this.#waiting.push({ device, label, release: turn.resolve });
    this.#look();
    await turn.promise;
    try {
      return await run();
    } finally {
      this.#inFlight -= 1;
      this.#look();
    }
  }

  #look(): void {
    if (this.#looking) return;
    this.#looking = true;
    setImmediate(() => {
      this.#looking = false;
      if (this.#inFlight > 0 || this.#waiting.length === 0) return;
      const ready = new Set(this.#waiting.map(({ device }) => device));
      if ([...this.#living].every((device) => ready.has(device))) this.#release();
    });
  }

  #release(): void {
    const inOrder = this.#waiting.toSorted((one, other) => one.device.localeCompare(other.device, 'en'));
    const chosen = this.#choose(inOrder);
    this.#waiting = this.#waiting.filter((each) => !chosen.includes(each));
    this.#inFlight += chosen.length;
    if (chosen.length > 1) this.races += 1;
    for (const { device, label, release } of chosen) {
      this.trace.push(`${device} ${label}`);
      this.#last = device;
      release();
    }
  }

  #choose(inOrder: readonly Waiting[]): readonly Waiting[] {
    const random = this.#random;
    if (this.#policy === 'race' && random.chance(raceChance)) {
      const some = inOrder.filter(() => random.chance(0.6));
      if (some.length > 0) return some;
    }
    if (this.#policy === 'sticky' && random.chance(ownWayChance)) {
      const same = inOrder.find(({ device }) => device === this.#last);
      if (same !== undefined) return [same];
    }
    if (this.#policy === 'late' && random.chance(ownWayChance)) {
      const others = inOrder.filter(({ label }) => label !== 'list');
      if (others.length > 0) return [random.pick(others)];
    }
    if (this.#policy === 'ranked') {
      if (random.chance(rerankChance)) this.#ranks.clear();
      return [inOrder.toSorted((one, other) => this.#rank(one.device) - this.#rank(other.device))[0]].filter(
        (each) => each !== undefined,
      );
    }
    return [random.pick(inOrder)];
  }

  /** A device of low rank goes first for as long as it can: the others starve, holding what they have read. */
  #rank(device: string): number {
    const rank = this.#ranks.get(device) ?? this.#random.next();
    this.#ranks.set(device, rank);
    return rank;
  }
}
