import { manifest } from '../../functions/generate/manifest.ts';
import { registry } from '../../functions/registry.ts';
import { table } from '../../tools/bench/table.ts';
import { type OperationCost, operationCosts } from '../support/operation-costs.ts';

/**
 * `npm run terraform:cost`: what a deployment costs, from Google's public prices for us-central1, and from the documents
 * that each call reads and writes, to which tests hold it. Nothing free is counted.
 */

/** US dollars, in November 2026: cloud.google.com/{run,firestore,pubsub,scheduler,secret-manager,stackdriver}/pricing */
const price = {
  read: 0.03 / 100_000,
  write: 0.09 / 100_000,
  request: 0.4 / 1_000_000,
  cpuSecond: 0.000024,
  gibibyteSecond: 0.0000025,
  /** 40 dollars a TiB, and no message counts less than a kB. */
  message: (40 / 2 ** 40) * 1000,
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
/** Google asks from six places, every five minutes; the check itself is free up to a million a month. */
const probes = 6 * 12 * 730;
/** A function's image is that of Node, shared by all, and its dependencies; five are kept. */
const imageGibibytes = Object.keys(functions).length * 0.025 * 2;

const dollars = (amount: number) => (amount < 0.005 ? '0.00' : amount.toFixed(2));
const idle: readonly (readonly [string, number])[] = [
  [`${schedules.length} schedules`, schedules.length * price.schedule],
  [
    `${Math.round(runs / 1000)} thousand runs of them, ${readsPerRun} reads each`,
    runs * (call + readsPerRun * price.read),
  ],
  [`${Math.round(probes / 1000)} thousand calls of the uptime check`, probes * call],
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

interface Operation extends OperationCost {
  readonly name: string;
  readonly calls: number;
  /** Published to a topic, and how often it is delivered. */
  readonly messages?: number;
}
const one = (name: string, ...costs: readonly OperationCost[]): Operation => ({
  name,
  calls: 1,
  reads: costs.reduce((sum, { reads }) => sum + reads, 0),
  writes: costs.reduce((sum, { writes }) => sum + writes, 0),
});
const { login, whoami, push, idempotencyKey, pull, syncCheck, usageEvent } = operationCosts;
/** A call with usage events looks up the choice of one account and one device. */
const eventsInCall = 20;
const operations: readonly Operation[] = [
  { ...one('logins (salts, start, finish)', login), calls: 3 },
  one('`session-whoami`', whoami),
  one('pushes of one change', push(1), idempotencyKey),
  one('pushes of ten changes', push(10), idempotencyKey),
  one('pulls with nothing new', pull(0)),
  one('pulls of ten changes', pull(10)),
  one('`sync-check` over five groups', syncCheck(5)),
  {
    name: `usage events, ${eventsInCall} in a call`,
    calls: 1 + 1 / eventsInCall,
    reads: usageEvent.reads + 2 / eventsInCall,
    writes: usageEvent.writes,
    messages: 3,
  },
];

const print = (line: string) => void process.stdout.write(`${line}\n`);
const total = idle.reduce((sum, [, amount]) => sum + amount, 0);
print(`A month of an idle deployment of ${Object.keys(functions).length} functions, US dollars\n`);
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
    operations.map(({ name, calls, reads, writes, messages = 0 }) => {
      const compute = 1e6 * (calls * call + messages * price.message);
      const store = 1e6 * (reads * price.read + writes * price.write);
      return [name, ...[calls, reads, writes].map(String), dollars(compute), dollars(store), dollars(compute + store)];
    }),
  ),
);
