import type { Platform } from '../../shared/platform/context.ts';
import type { Log } from '../../shared/platform/log.ts';
import { retention } from '../../shared/platform/settings.ts';
import { callInProcess, jsonRequest } from '../support/in-process.ts';
import type { Committed, Explorer } from './explorer.ts';
import { type SweepCall, Violation } from './history.ts';

const day = 86_400_000;

/** The hourly sweep of histories, run among the devices, on a clock on which everything is due as soon as it is written. */
export class Sweeper {
  readonly name = 'sweeper';
  readonly calls: SweepCall[] = [];
  readonly #platform: Platform;
  readonly #explorer: Explorer;
  #commits: Committed[] = [];

  constructor(platform: Platform, explorer: Explorer, log: Log) {
    this.#explorer = explorer;
    this.#platform = {
      ...platform,
      log,
      clock: { now: () => 1_800_000_000_000 + retention(platform.settings) + day },
      database: explorer.database(this.name, platform.database, (commit) => void this.#commits.push(commit)),
    };
  }

  async live(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      this.#commits = [];
      const start = this.#explorer.tick();
      const answer = await callInProcess('maintenance-history', jsonRequest({}), this.#platform);
      if (answer.status !== 200) throw new Violation(`The sweep answered ${answer.status}`, answer.text);
      const end = this.#explorer.tick();
      this.calls.push({ device: this.name, accountId: '', start, end, answer, commits: this.#commits });
    }
  }
}
