import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startTestStack } from '../support/stack.ts';
import { trial } from './trial.ts';

/**
 * `npm run test:folder -- --files N --kills K [--seed S]`: files between two machines, the program killed at random all
 * the while, on emulators of its own.
 */
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string' },
    'kill-within': { type: 'string', default: '8000' },
  },
});
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const print = (line: string) => void process.stdout.write(`${line}\n`);
print(`Seed ${seed}`);

const stack = await startTestStack();
try {
  const options = {
    files: Number(values.files),
    kills: Number(values.kills),
    killWithin: Number(values['kill-within']),
  };
  const report = await trial(stack, { ...options, seed, large: 20 * 1024 * 1024, print });
  print(JSON.stringify(report, null, 2));
} catch (error) {
  print(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
} finally {
  await stack.stop();
}
process.exit();
