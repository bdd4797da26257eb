import { collection } from './database.ts';

/** Calls counted in one window of one rule for one subject. Key: SHA-256 of all three. */
export interface RateWindow {
  readonly count: number;
  readonly expiresAt: Date;
}

export const rateWindows = collection<RateWindow>('rateLimits');
