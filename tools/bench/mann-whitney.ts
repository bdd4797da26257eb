export interface Comparison {
  /** Pairs in which the first is the greater, ties half. */
  readonly u: number;
  /** Two-sided, by the normal approximation with correction for ties and for continuity. */
  readonly p: number;
  /** That a value of the first is greater than one of the second, less that it is smaller: -1 to 1, 0 for no difference. */
  readonly rankBiserial: number;
  /** Common-language effect size: how often the greater of a random pair is the first's. */
  readonly commonLanguage: number;
}

/** Mann-Whitney U test of two independent samples, each of some dozens of values or more. */
export function mannWhitney(first: readonly number[], second: readonly number[]): Comparison {
  const [m, n] = [first.length, second.length];
  const { rankSum, ties } = ranks(first, second);
  const u = rankSum - (m * (m + 1)) / 2;
  const mean = (m * n) / 2;
  const size = m + n;
  const deviation = Math.sqrt(((m * n) / 12) * (size + 1 - ties / (size * (size - 1))));
  const z = Math.max(0, Math.abs(u - mean) - 0.5) / deviation;
  const commonLanguage = u / (m * n);
  return { u, p: deviation === 0 ? 1 : twoSided(z), rankBiserial: 2 * commonLanguage - 1, commonLanguage };
}

/** Sum of the first sample's ranks, ties sharing theirs; and the sum of t³ - t over every tie of t values. */
function ranks(first: readonly number[], second: readonly number[]): { rankSum: number; ties: number } {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].sort((one, other) => one.value - other.value);
  let rankSum = 0;
  let ties = 0;
  for (let begin = 0; begin < all.length; ) {
    let end = begin;
    while (end < all.length && all[end]?.value === all[begin]?.value) end += 1;
    const tied = all.slice(begin, end);
    rankSum += tied.filter(({ isFirst }) => isFirst).length * ((begin + 1 + end) / 2);
    ties += tied.length ** 3 - tied.length;
    begin = end;
  }
  return { rankSum, ties };
}

/** 2(1 - Φ(z)), Abramowitz and Stegun 7.1.26: right to 1.5e-7. */
function twoSided(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const coefficients = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  return coefficients.reduce((sum, coefficient) => (sum + coefficient) * t, 0) * Math.exp(-x * x);
}
