import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { deliver } from '../support/analytics-delivery.ts';

/**
 * `npm run test:analytics -- [--events 10000] [--kills 8] [--seed S]`: so many events from Segment's library
 * as the standards document has it and from the newest, every message delivered three times, the function killed so often meanwhile. Prints its seed.
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '8' },
    seed: { type: 'string' },
  },
});
const versions = ['1.0.0', '3.1.0'] as const;
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const events = Number(values.events);
const print = (line: string) => void process.stdout.write(`${line}\n`);
print(`seed ${seed}: ${events} events from each of ${versions.join(', ')}; ${values.kills} kills`);
const started = performance.now();
const { sent, failures, deliveries, lost, stored, distinct, counted } = await deliver({
  versions,
  events,
  kills: Number(values.kills),
  seed,
});
const seconds = ((performance.now() - started) / 1000).toFixed(0);
print(`sent ${sent}, delivered ${deliveries} times in ${seconds} s, ${lost} of them to a dead process`);
print(`stored ${stored}, of ${distinct} devices, counted ${counted}; ${failures.length} batches given up`);
const right = failures.length === 0 && [stored, distinct, counted].every((count) => count === sent);
print(right ? 'none lost, none doubled' : 'WRONG');
process.exit(right ? 0 : 1);
