import { randomInt } from 'node:crypto';
import { trial } from '../../folder/trial.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

/** More and longer: `npm run test:folder -- --files 10000 --kills 20`. */
it('files go between two machines byte for byte, however often the program is killed', async () => {
  const seed = randomInt(2 ** 31);
  process.stdout.write(`Seed ${seed}\n`);
  const options = { files: 100, kills: 3, seed, large: 3 * 1024 * 1024, killWithin: 1_500, print: () => {} };
  const { kills, requests } = await trial(stack, options);
  expect(kills).toBe(3);
  expect(requests['blob-download']).toBeGreaterThanOrEqual(1);
}, 300_000);
