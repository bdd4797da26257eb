import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../protocol/problems.ts';
import { CommitConflict } from '../store/database.ts';

const mostAttempts = 60;
const longestPauseMs = 60;

/**
 * Runs read-compute-commit again as long as somebody else commits in between. Each attempt must read afresh.
 * @throws Problem `UNAVAILABLE` when 60 attempts, spread over some seconds, all met a conflict
 */
export async function optimistic<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof CommitConflict)) throw error;
      if (count === mostAttempts) {
        throw new Problem('UNAVAILABLE', 'Others keep writing the same data. Nothing was written.', { retryAfter: 2 });
      }
      // Full jitter, growing: writers that met once should not meet again.
      await sleep(Math.random() * Math.min(longestPauseMs, 4 * count));
    }
  }
}
