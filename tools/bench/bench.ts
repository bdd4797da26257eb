/** One benchmark of `npm run bench NAME`. It prints a table whose ratios are to a floor measured in the same run. */
export interface Bench {
  /** One line for the list of benchmarks. */
  readonly about: string;
  run(how: BenchRun): Promise<void>;
}

export interface BenchRun {
  readonly print: (line: string) => void;
  /** The least work that goes through all of it, for CI: the figures of a short run say nothing. */
  readonly short: boolean;
  /** Options after the name that are the benchmark's own, for `parseArgs`. */
  readonly args: readonly string[];
}

export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
