import { randomBytes } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { signCursor } from '../../functions/changes/cursor.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { resources } from '../../shared/store/resources.ts';
import { type Account, createAccounts } from '../../test/support/accounts.ts';
import { fillGroup } from '../../test/support/fill-group.ts';
import { newGroup } from '../../test/support/people.ts';
import { startTestStack, type TestStack } from '../../test/support/stack.ts';
import { type Bench, type BenchRun, median } from './bench.ts';
import { table } from './table.ts';

const deltaSize = 10;

interface Length {
  /** Resources in the groups that are pulled from, the smaller first. */
  readonly sizes: readonly number[];
  readonly pullRounds: number;
  /** Pushes at once. */
  readonly crowds: readonly number[];
  readonly pushRounds: number;
}
const whole: Length = { sizes: [100, 20_000], pullRounds: 60, crowds: [1, 10, 100], pushRounds: 5 };
const least: Length = { sizes: [50, 200], pullRounds: 1, crowds: [1, 4], pushRounds: 1 };

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** A delta from a small and from a large group, and pushes to one group that come at once. */
export const sync: Bench = {
  about: 'a delta from a small and a large group, and pushes at once, beside bare Firestore',
  run: ({ print, short }) => benchSync(print, short ? least : whole),
};

async function benchSync(print: BenchRun['print'], length: Length): Promise<void> {
  const stack = await startTestStack();
  try {
    const [jane] = await createAccounts(stack.platform.database, (bytes) => randomBytes(bytes).toString('hex'));
    await benchPull(stack, jane, print, length);
    await benchPush(stack, jane, print, length);
  } finally {
    await stack.stop();
  }
}

const change = (id: string, baseVersion: string | null = null) => ({
  id,
  type: 'Request',
  name: 'n',
  baseVersion,
  lastEdited: 1,
  encContent: `{"d":"${randomBytes(200).toString('hex')}"}`,
});

/** The same delta from each group, by us and by a bare query, in turn, so that what slows the computer slows them all. */
async function benchPull(
  stack: TestStack,
  jane: Account,
  print: BenchRun['print'],
  { sizes, pullRounds }: Length,
): Promise<void> {
  const bare = new Firestore({ projectId: stack.projectId });
  const asked = await Promise.all(
    sizes.map(async (size) => {
      const groupId = await newGroup(stack, jane);
      await fillGroup(stack.platform.database, groupId, jane.accountId, size);
      const changes = Array.from({ length: deltaSize }, (_, n) => change(`res_${n + 1}`, `${n + 1}-filled`));
      await pushOnce(stack, jane, groupId, changes);
      const cursor = await signCursor(stack.platform.sealer, groupId, { revision: size, from: size, purged: 0 });
      const query = bare.collection(resources(groupId).path).where('revision', '>', size).orderBy('revision').limit(25);
      return { size, groupId, cursor, query };
    }),
  );
  const contenders = asked.flatMap(({ size, query, ...body }) => [
    {
      name: `changes-pull, of ${size}`,
      run: async () => {
        const answer = await stack.call('changes-pull', { token: jane.token, body });
        return (answer.body as { changes: unknown[] }).changes.length;
      },
    },
    { name: `the bare query, of ${size}`, run: async () => (await query.get()).size },
  ]);
  const samples = contenders.map((): number[] => []);
  for (let round = -5; round < pullRounds; round += 1) {
    for (const [index, { run }] of contenders.entries()) {
      const took = await timed(async () => {
        const length = await run();
        if (length !== deltaSize) throw new Error(`The delta has ${length} changes.`);
      });
      if (round >= 0) samples[index]?.push(took);
    }
  }
  await bare.terminate();
  const half = contenders.length / sizes.length;
  const rows = contenders.map(({ name }, index) => {
    const values = samples[index] ?? [];
    const ratios = values.map((value, round) => value / (samples[index % half]?.[round] ?? Number.NaN));
    return [name, `${median(values).toFixed(1)} ms`, `${Math.min(...values).toFixed(1)} ms`, median(ratios).toFixed(2)];
  });
  print(
    `\nA delta of ${deltaSize} changes: ${pullRounds} interleaved rounds; the ratio is the median of the rounds'\n`,
  );
  print(table(['', 'median', 'least', `to ${sizes[0]}`], rows));
}

async function pushOnce(stack: TestStack, { token }: Account, groupId: string, changes: readonly object[]) {
  const answer = await stack.call('changes-push', { token, body: { groupId, keyEpoch: 1, changes } });
  if (answer.status !== 200) throw new Error(`changes-push answered ${answer.status}: ${answer.text}`);
}

/** Pushes of one change each, all at once, against the same documents committed one after the other by Firestore's client. */
async function benchPush(
  stack: TestStack,
  jane: Account,
  print: BenchRun['print'],
  { crowds, pushRounds }: Length,
): Promise<void> {
  const bare = new Firestore({ projectId: stack.projectId });
  const rows: string[][] = [];
  for (const crowd of crowds) {
    const figures: { pushes: number; commits: number; wasted: number }[] = [];
    for (let round = -1; round < pushRounds; round += 1) {
      const groupId = await newGroup(stack, jane);
      const before = stack.logs.length;
      const pushes = await timed(() =>
        Promise.all(Array.from({ length: crowd }, (_, n) => pushOnce(stack, jane, groupId, [change(`req_${n}`)]))),
      );
      const writes = stack.logs.slice(before).map((line) => Number(line.writes ?? 0));
      const fewest = Math.min(...writes);
      const wasted = writes.reduce((sum, each) => sum + each / fewest - 1, 0);
      const commits = await timed(() => commitAlone(bare, groupId, fewest, crowd));
      if (round >= 0) figures.push({ pushes, commits, wasted });
    }
    const took = median(figures.map(({ pushes }) => pushes));
    const ratio = median(figures.map(({ pushes, commits }) => pushes / commits));
    const conflicts = median(figures.map(({ wasted }) => wasted));
    rows.push([
      `${crowd} at once`,
      `${took.toFixed(0)} ms`,
      ((crowd / took) * 1000).toFixed(0),
      (1 + conflicts / crowd).toFixed(2),
      `${median(figures.map(({ commits }) => commits)).toFixed(0)} ms`,
      ratio.toFixed(2),
    ]);
  }
  await bare.terminate();
  const limit = `${limits.pushChanges} changes fit one`;
  print(`\nPushes of one change to one group (${limit}): medians of ${pushRounds} rounds over HTTP\n`);
  print(table(['', 'all done', 'pushes/s', 'attempts each', 'bare commits in turn', 'to bare commits'], rows));
}

/** As many documents as a push writes, head included, in as many commits. */
async function commitAlone(firestore: Firestore, groupId: string, documents: number, times: number): Promise<void> {
  const content = change('bare');
  for (let time = 0; time < times; time += 1) {
    const batch = firestore.batch();
    batch.set(firestore.doc(`bare/${groupId}`), { revision: time });
    for (let n = 1; n < documents; n += 1) batch.create(firestore.doc(`bare/${groupId}/written/${time}-${n}`), content);
    await batch.commit();
  }
}
