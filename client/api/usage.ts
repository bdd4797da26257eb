import { type AnalyticsChoice, accountPreference } from '../../shared/protocol/analytics.ts';
import type { Context, Until } from './context.ts';

/** Whether usage events of the account are collected, and since when that is so. */
export type UsagePreference = Awaited<ReturnType<Usage['preference']>>;

/** One thing that somebody did with a program. Never what it was done to. */
export interface UsageEvent {
  /** One of the server's allow-list: another is dropped there. */
  readonly event: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  /** What the device calls itself: a random id that is kept. */
  readonly anonymousId: string;
  /** The account's, for events of one that is logged in. */
  readonly userId?: string;
}

/** The account's say in usage events. */
export class Usage {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  preference(until: Until = {}) {
    const { connection } = this.#context.session(until);
    return connection.get('analytics-preference', accountPreference.get, {});
  }

  /** @param options.forget also erases what has been stored until now */
  choose(analytics: AnalyticsChoice, { forget = false, ...until }: Until & { readonly forget?: boolean } = {}) {
    const { connection } = this.#context.session(until);
    return connection.put('analytics-preference', accountPreference.put, { analytics, forget });
  }
}
