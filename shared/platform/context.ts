import type { Database, Write } from '../store/database.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Mailer } from './mailer.ts';
import type { Pages } from './pages.ts';
import type { Publisher } from './publisher.ts';
import type { Sealer } from './sealing.ts';
import type { Settings } from './settings.ts';
import type { Turns } from './turns.ts';
import type { WriteKeys } from './write-keys.ts';

/** The account on whose behalf a call runs. */
export interface Caller {
  readonly accountId: string;
  /** SHA-256 of the session token, hex: names the session without opening it. */
  readonly sessionId: string;
  readonly sessionCreated: number;
  readonly sessionExpires: number;
}

/** What one process shares over all its calls. */
export interface Platform {
  readonly settings: Settings;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
  readonly sealer: Sealer;
  readonly writeKeys: WriteKeys;
  readonly publisher: Publisher;
  readonly mailer: Mailer;
  /** What the pages load. */
  readonly pages: Pages;
  /** Keeps calls of this process that write the same thing from meeting each other in the store. */
  readonly turns: Turns;
  readonly log: Log;
}

/** Everything a handler may use. There is no request in it, and no response. */
export interface Context extends Platform {
  readonly requestId: string;
  /** The network address that the platform saw, not the one the caller claims. */
  readonly address: string;
  readonly caller?: Caller;
  /**
   * The one way a handler of a writing operation ends: commits the writes, and with them, atomically, the answer under
   * the caller's `Idempotency-Key`, so that a retry gets this answer again.
   * @throws CommitConflict when a precondition failed: read again and try again, see `optimistic`
   */
  commit<Output>(output: Output, writes: readonly Write[]): Promise<Output>;
}

export interface SessionContext extends Context {
  readonly caller: Caller;
}

/** A call before it is known who calls and what it may commit. */
export type CallContext = Omit<Context, 'commit' | 'caller'>;
