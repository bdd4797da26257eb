import type { AggregatedResult, Config, Reporter } from '@jest/reporters';

interface Options {
  /** What this machine cannot run, and what to install: a sentence each. */
  readonly notRun?: readonly string[];
}

/** Ends the run's output with what was not run, and `N passed, N failed`. A suite that could not run is one failure. */
export default class CountReporter implements Pick<Reporter, 'onRunComplete'> {
  readonly #notRun: readonly string[];

  constructor(_config: Config.GlobalConfig, { notRun = [] }: Options = {}) {
    this.#notRun = notRun;
  }

  onRunComplete(_contexts: unknown, results: AggregatedResult): void {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const lines = [
      ...this.#notRun.map((what) => `NOT RUN: ${what}`),
      `${results.numPassedTests} passed, ${failed} failed`,
    ];
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}
