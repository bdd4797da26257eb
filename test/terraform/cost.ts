import { manifest } from '../../functions/generate/manifest.ts';
import { registry } from '../../functions/registry.ts';
import { table } from '../bench/table.ts';

/**
 * `npm run terraform:cost`: what a deployment costs, from Google's public prices for us-central1, and from the documents
 * that each call reads and writes as test/integration/functions/budgets.test.ts holds them. Nothing free is counted.
 */

/** US dollars, in November 2026: cloud.google.com/{run,firestore,pubsub,scheduler,secret-manager,stackdriver}/pricing */
const price = {
  read: 0.03 / 100_000,
  write: 0.09 / 100_000,
  request: 0.4 / 1_000_000,
  cpuSecond: 0.000024,
  gibibyteSecond: 0.0000025,
  schedule: 0.1,
  secretVersion: 0.06,
  alertCondition: 0.1,
  imageGibibyte: 0.1,
  loadBalancer: 2 * 0.025 * 730 * 0.5,
  cloudArmor: 5 + 2 * 1,
  keyVersion: 0.06,
};

/** A call takes a tenth of a second of one instance, which is the least that is billed, and has it to itself. */
const callSeconds = 0.1;
const memoryGibibytes = 0.25;
const call = price.request + callSeconds * (price.cpuSecond + memoryGibibytes * price.gibibyteSecond);

const runsPerMonth = (schedule: string): number => {
  const [minute = '', hour = ''] = schedule.split(' ');
  const perHour = minute === '*' ? 60 : minute.startsWith('*/') ? 60 / Number(minute.slice(2)) : 1;
  return hour === '*' ? perHour * 730 : 30 * perHour;
};

const { functions, secrets } = manifest(registry);
const schedules = Object.values(functions).flatMap(({ schedule }) => (schedule === undefined ? [] : [schedule]));
const runs = schedules.reduce((sum, schedule) => sum + runsPerMonth(schedule), 0);
/** A sweep that finds nothing to do has asked one or two questions. */
const readsPerRun = 2;
const alertConditions = 11;
/** A function's image is that of Node, shared by all, and its dependencies; five are kept. */
const imageGibibytes = Object.keys(functions).length * 0.025 * 2;

const dollars = (amount: number) => (amount < 0.005 ? '0.00' : amount.toFixed(2));
const idle: readonly (readonly [string, number])[] = [
  [`${schedules.length} schedules`, schedules.length * price.schedule],
  [
    `${Math.round(runs / 1000)} thousand runs of them, ${readsPerRun} reads each`,
    runs * (call + readsPerRun * price.read),
  ],
  [`${secrets.length} secrets, one version each`, secrets.length * price.secretVersion],
  [`${alertConditions} conditions of alerts`, alertConditions * price.alertCondition],
  ['images of the functions', imageGibibytes * price.imageGibibyte],
];
const options: readonly (readonly [string, number])[] = [
  ['`edge`: load balancer', price.loadBalancer],
  ['`edge`: Cloud Armor', price.cloudArmor],
  ['`cmek`: one key', price.keyVersion],
  [
    'one instance kept warm (`min_instances`), 256 MiB',
    730 * 3600 * (0.0000025 + memoryGibibytes * price.gibibyteSecond),
  ],
];

interface Operation {
  readonly name: string;
  readonly calls: number;
  readonly reads: number;
  readonly writes: number;
}
/** The counts are those that budgets.test.ts asserts. */
const operations: readonly Operation[] = [
  { name: 'logins (salts, start, finish)', calls: 3, reads: 4, writes: 3 },
  { name: '`session-whoami`', calls: 1, reads: 2, writes: 0 },
  { name: 'pushes of one change', calls: 1, reads: 4, writes: 4 },
  { name: 'pushes of ten changes', calls: 1, reads: 13, writes: 22 },
  { name: 'pulls with nothing new', calls: 1, reads: 3, writes: 0 },
  { name: 'pulls of ten changes', calls: 1, reads: 13, writes: 0 },
  { name: '`sync-check` over five groups', calls: 1, reads: 12, writes: 0 },
];

const print = (line: string) => void process.stdout.write(`${line}\n`);
const total = idle.reduce((sum, [, amount]) => sum + amount, 0);
print('A month of an idle deployment, US dollars\n');
print(
  table(
    ['', 'a month'],
    [...idle, ['together', total] as const].map(([what, amount]) => [what, dollars(amount)]),
  ),
);
print('\nOptions, a month\n');
print(
  table(
    ['', 'a month'],
    options.map(([what, amount]) => [what, dollars(amount)]),
  ),
);
print('\nA million of\n');
print(
  table(
    ['', 'calls', 'reads', 'writes', 'compute', 'store', 'together'],
    operations.map(({ name, calls, reads, writes }) => {
      const compute = 1e6 * calls * call;
      const store = 1e6 * (reads * price.read + writes * price.write);
      return [name, ...[calls, reads, writes].map(String), dollars(compute), dollars(store), dollars(compute + store)];
    }),
  ),
);
