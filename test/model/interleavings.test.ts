import { startTestStack, type TestStack } from '../support/stack.ts';
import { policies } from './explorer.ts';
import { explore, type Report } from './run.ts';

/** More with MODEL_RUNS, or without an end in sight: `npm run test:model -- --runs 500`. */
const runs = Number(process.env.MODEL_RUNS ?? 24);
const atOnce = 4;

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

it('every interleaving is one that a sequential program could have had', async () => {
  const first = Math.floor(Math.random() * 2 ** 31);
  const seeds = Array.from({ length: runs }, (_, index) => first + index);
  const reports: Report[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift())
        reports.push(await explore(seed, stack.platform));
    }),
  );
  const steps = reports.reduce((sum, { trace }) => sum + trace.length, 0);
  process.stdout.write(`${reports.length} interleavings from seed ${first} on, ${steps} scheduler steps\n`);
  const answered = new Set(reports.flatMap(({ answers }) => [...answers.keys()]));
  for (const kind of ['created', 'updated', 'removed', 'unchanged', 'conflict', 'rejected', 'KEY_EPOCH_STALE'])
    expect(answered).toContain(`changes-push ${kind}`);
}, 120_000);

it('a seed gives the same interleaving again, unless operations race', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  for (const policy of policies.filter((each) => each !== 'race')) {
    const [one, two] = await Promise.all([
      explore(seed, stack.platform, policy),
      explore(seed, stack.platform, policy),
    ]);
    expect(two).toEqual(one);
  }
}, 60_000);
