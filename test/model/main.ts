import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startTestStack } from '../support/stack.ts';
import { policies } from './explorer.ts';
import { explore, type Report } from './run.ts';

/**
 * `npm run test:model -- --runs N [--seed S] [--policy P] [--at-once K]`: the model test at length, on emulators of its
 * own. With a seed and no number of runs: that one run again.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    policy: { type: 'string' },
    'at-once': { type: 'string', default: '4' },
  },
});
const first = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const runs = Number(values.runs ?? (values.seed === undefined ? 200 : 1));
const policy = policies.find((each) => each === values.policy);
const print = (line: string) => void process.stdout.write(`${line}\n`);

const started = performance.now();
const stack = await startTestStack();
const totals = { done: 0, steps: 0, races: 0, conflicts: 0, calls: 0 };
const interleavings = new Set<string>();
const answers = new Map<string, number>();
let failures = 0;

function add(report: Report): void {
  totals.done += 1;
  totals.steps += report.trace.length;
  totals.races += report.races;
  totals.calls += report.calls;
  totals.conflicts += report.trace.filter((line) => line.endsWith('met a conflict')).length;
  interleavings.add(report.trace.join('\n'));
  for (const [kind, count] of report.answers) answers.set(kind, (answers.get(kind) ?? 0) + count);
  if (totals.done % 50 === 0) print(progress());
}

const progress = () => {
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const { done, steps, calls, conflicts, races } = totals;
  return `${done} of ${runs} runs, ${interleavings.size} interleavings, ${steps} scheduler steps, ${calls} calls, ${conflicts} conflicts, ${races} races, ${failures} failures, ${seconds} s`;
};

print(`Seeds ${first} to ${first + runs - 1}`);
let next = first;
await Promise.all(
  Array.from({ length: Number(values['at-once']) }, async () => {
    while (next < first + runs) {
      const seed = next;
      next += 1;
      try {
        add(await explore(seed, stack.platform, policy));
      } catch (error) {
        failures += 1;
        print(`\n${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  }),
);
print(progress());
for (const [kind, count] of [...answers].toSorted()) print(`  ${kind.padEnd(48)}${String(count).padStart(8)}`);
await stack.stop();
process.exitCode = failures === 0 ? 0 : 1;
