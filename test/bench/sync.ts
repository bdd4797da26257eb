import { randomBytes } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { signCursor } from '../../functions/changes/cursor.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { resources } from '../../shared/store/resources.ts';
import { type Account, createAccounts } from '../support/accounts.ts';
import { fillGroup } from '../support/fill-group.ts';
import { newGroup } from '../support/people.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { table } from './table.ts';

const sizes = [100, 20_000];
const deltaSize = 10;
const pullRounds = 60;
const crowds = [1, 10, 100];
const pushRounds = 5;

const median = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Sync: what a delta costs in a small and in a large group, and pushes to one group that come at once. */
export async function benchSync(print: (line: string) => void): Promise<void> {
  const stack = await startTestStack();
  try {
    const [jane] = await createAccounts(stack.platform.database, (bytes) => randomBytes(bytes).toString('hex'));
    await benchPull(stack, jane, print);
    await benchPush(stack, jane, print);
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
async function benchPull(stack: TestStack, jane: Account, print: (line: string) => void): Promise<void> {
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
async function benchPush(stack: TestStack, jane: Account, print: (line: string) => void): Promise<void> {
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
      const least = Math.min(...writes);
      const wasted = writes.reduce((sum, each) => sum + each / least - 1, 0);
      const commits = await timed(() => commitAlone(bare, groupId, least, crowd));
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

if (import.meta.main) await benchSync((line) => process.stdout.write(`${line}\n`));
