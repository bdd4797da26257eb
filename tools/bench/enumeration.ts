import { parseArgs } from 'node:util';
import { emailDeliver } from '../../functions/email/email-deliver.ts';
import { registry } from '../../functions/registry.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { random } from '../../test/model/random.ts';
import { type AddressKind, addressKinds, newAddresses, publicSteps } from '../../test/support/public-steps.ts';
import { startTestStack, type TestStack } from '../../test/support/stack.ts';
import { type Bench, type BenchRun, median } from './bench.ts';
import { mannWhitney } from './mann-whitney.ts';
import { table } from './table.ts';

/** Above this rank-biserial effect size, in this many runs out of as many, kinds of addresses count as told apart. */
const distinguishable = 0.1;

interface Sampling {
  readonly seed: number;
  readonly samples: number;
  readonly warmUps: number;
}

/**
 * `npm run bench enumeration -- [--seed S] [--samples 500] [--step NAME]`. Each call names an address of its own; kinds
 * come in random order, so that what slows the computer slows them alike. The rate rules only report, and mails are not
 * sent, since that would be another instance's work.
 */
export const enumeration: Bench = {
  about: 'whether the time of an answer tells which addresses have accounts; prints its seed',
  run: async ({ print, short, args }) => {
    const { values } = parseArgs({
      args: [...args],
      options: { seed: { type: 'string' }, samples: { type: 'string', default: '500' }, step: { type: 'string' } },
    });
    const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
    const samples = short ? 2 : Number(values.samples);
    if (!Number.isInteger(samples) || samples < 1 || !Number.isInteger(seed))
      throw new Error('--samples and --seed take whole numbers.');
    const steps = Object.keys(publicSteps).filter((step) => values.step === undefined || step === values.step);
    if (steps.length === 0) throw new Error(`There is no step ${values.step}: ${Object.keys(publicSteps).join(', ')}.`);
    await compareSteps(print, steps, { seed, samples, warmUps: short ? 0 : 20 });
  },
};

async function compareSteps(print: BenchRun['print'], steps: readonly string[], sampling: Sampling): Promise<void> {
  const { seed, samples } = sampling;
  const stack = await startTestStack({
    registry: registry.map((entry) => (entry === emailDeliver ? { ...emailDeliver, receive: async () => {} } : entry)),
    settings: { reportedRules: Object.values(rateRules).map(({ name }) => name) },
  });
  try {
    print(`${samples} calls of each step for each kind of address; repeat with --seed ${seed}\n`);
    const rows: string[][] = [];
    for (const step of steps) rows.push(...compare(step, await measure(stack, step, sampling)));
    print(table(['', 'n', 'median', 'unknown', 'U', 'p', 'rank-biserial', 'common language'], rows));
    print(`
Times in ms from request to answer. Rank-biserial: how much more often than not the known address takes longer; common
language: how often it does. p supposes that nothing but the address differs, and small effects reach any p with enough
calls. Distinguishable is an effect beyond ±${distinguishable} that comes again, with the same sign, under another seed.`);
  } finally {
    await stack.stop();
  }
}

/** Times of each kind's calls, in random order. */
async function measure(
  stack: TestStack,
  step: string,
  { seed, samples, warmUps }: Sampling,
): Promise<Record<AddressKind, number[]>> {
  const { below } = random(seed, step);
  const count = samples + warmUps;
  const order: { kind: AddressKind; email: string; isWarmUp: boolean }[] = [];
  for (const kind of addressKinds) {
    const addresses = await newAddresses(stack.platform, kind, count);
    order.push(...addresses.map((email, index) => ({ kind, email, isWarmUp: index < warmUps })));
  }
  for (let last = order.length - 1; last > 0; last -= 1) {
    const at = below(last + 1);
    const [one, other] = [order[last], order[at]];
    if (one !== undefined && other !== undefined) [order[last], order[at]] = [other, one];
  }
  order.sort((one, other) => Number(other.isWarmUp) - Number(one.isWarmUp));
  const times: Record<AddressKind, number[]> = { verified: [], unverified: [], unknown: [] };
  for (const { kind, email, isWarmUp } of order) {
    const body = (await publicSteps[step]?.(email, stack)) ?? {};
    const begun = performance.now();
    const { status, text } = await stack.call(step, { body });
    const took = performance.now() - begun;
    if (status >= 500 || status === 400 || status === 429) throw new Error(`${step} answered ${status}: ${text}`);
    if (!isWarmUp) times[kind].push(took);
  }
  return times;
}

function compare(step: string, { unknown, ...known }: Record<AddressKind, number[]>): string[][] {
  return Object.entries(known).map(([kind, times]) => {
    const { u, p, rankBiserial, commonLanguage } = mannWhitney(times, unknown);
    return [
      `${step}, ${kind}`,
      String(times.length),
      median(times).toFixed(2),
      median(unknown).toFixed(2),
      u.toFixed(0),
      p < 0.0001 ? '< 0.0001' : p.toFixed(4),
      `${rankBiserial.toFixed(3)}${Math.abs(rankBiserial) > distinguishable ? ' !' : '  '}`,
      commonLanguage.toFixed(3),
    ];
  });
}
