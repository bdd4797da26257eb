import { randomBytes, randomUUID } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { asPlanned, planBlob } from '../../client/blob/plan.ts';
import { cut } from '../../client/blob/source.ts';
import { sealResource } from '../../client/changes.ts';
import { createAesKey, importAesKey } from '../../shared/crypto/aes-key.ts';
import { blobCipher, blobSeal, openChunkBytes } from '../../shared/crypto/blob.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { resources } from '../../shared/store/resources.ts';
import { drafts, enter, jane } from '../../test/support/sdk.ts';
import { startTestStack } from '../../test/support/stack.ts';
import { type Bench, type BenchRun, median } from './bench.ts';
import { benchLogin, loginHead, loginRows } from './login.ts';
import { table } from './table.ts';

/** Documents in one commit of the floor: as many as a push of 200 changes writes. */
const committed = 400;

type Contender = readonly [name: string, run: () => Promise<number>];

export const client: Bench = {
  about: "a client's encrypting, logging in, and pushing 10,000 resources, each beside its floor",
  run: async ({ print, short }) => {
    await compare(print, 'Encrypting, MB/s', await encryption(), short ? 1 : 5);
    print(`\n${table(loginHead, loginRows(await benchLogin(short ? 1 : 20)))}`);
    await pushing(print, short ? 400 : 10_000);
  },
};

/** Floor and ours by turns, so that what slows the computer slows them all; a round before is not counted. */
async function compare(
  print: BenchRun['print'],
  title: string,
  contenders: readonly Contender[],
  rounds: number,
): Promise<void> {
  const figures = contenders.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, [, run]] of contenders.entries()) {
      const figure = await run();
      if (round >= 0) figures[index]?.push(figure);
    }
  }
  const medians = figures.map(median);
  const rows = contenders.map(([name], index) => {
    const own = medians[index] ?? 0;
    return [name, own.toFixed(1), (own / (medians[index - (index % 2)] ?? 1)).toFixed(2)];
  });
  print(`\n${title}: medians of ${rounds} rounds\n\n${table(['', '', 'to the floor above'], rows)}`);
}

/** A large blob chunk by chunk, and small resources; the floor is AES-256-GCM by the same WebCrypto. */
async function encryption(): Promise<Contender[]> {
  const key = await createAesKey();
  const chunks = Array.from({ length: 128 }, () => new Uint8Array(randomBytes(openChunkBytes)));
  const place = { groupId: 'grp_bench', keyEpoch: 1 };
  const cipher = await blobCipher(key, place, await blobSeal(key, place, []));
  const imported = await importAesKey(key);
  const perSecond = async (bytes: number, work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    return bytes / 1e6 / ((performance.now() - started) / 1000);
  };
  const total = chunks.length * openChunkBytes;
  const group = {
    id: 'grp_bench',
    name: '',
    teamId: '',
    role: 'admin',
    keyEpoch: 1,
    keys: new Map([[1, key]]),
  } as const;
  const small = drafts(2_000).map((draft) => ({ ...draft, content: JSON.stringify({ body: 'x'.repeat(1_000) }) }));
  const smallBytes = small.reduce((sum, { content }) => sum + content.length, 0);
  const texts = small.map(({ content }) => new TextEncoder().encode(content));
  const bare = (bytes: Uint8Array<ArrayBuffer>) =>
    crypto.subtle.encrypt({ name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12)) }, imported, bytes);
  const source = async function* () {
    yield* chunks;
  };
  const large: Contender = [
    'bare AES-256-GCM, 240 KiB at once',
    () =>
      perSecond(total, async () => {
        for (const chunk of chunks) await bare(chunk);
      }),
  ];
  return [
    large,
    [
      'a blob, chunk by chunk',
      () =>
        perSecond(total, async () => {
          for (const [index, chunk] of chunks.entries()) await cipher.seal(chunk, index, index === chunks.length - 1);
        }),
    ],
    large,
    [
      'all of an upload but the network: hashed twice, encrypted twice',
      () =>
        perSecond(total, async () => {
          const plan = await planBlob(group, source, limits, undefined);
          for await (const _part of cut(asPlanned(plan, source), limits.blobPartBytes));
        }),
    ],
    [
      'bare AES-256-GCM, 1 kB at once',
      () =>
        perSecond(smallBytes, async () => {
          for (const bytes of texts) await bare(bytes);
        }),
    ],
    [
      'resources of 1 kB, as they are pushed',
      () =>
        perSecond(smallBytes, async () => {
          for (const draft of small) await sealResource(group, draft);
        }),
    ],
  ];
}

/** Small resources through the SDK, and as many documents as that stores, written bare to the same emulator. */
async function pushing(print: BenchRun['print'], pushed: number): Promise<void> {
  const stack = await startTestStack();
  const bare = new Firestore({ projectId: stack.projectId });
  try {
    const account = await enter(stack, jane);
    const group = await account.groups.create('Bench');
    const each = drafts(pushed);
    const started = performance.now();
    const verdicts = await group.changes.push(each);
    const took = performance.now() - started;
    const refused = verdicts.filter(({ status }) => status !== 'created');
    if (refused.length > 0) throw new Error(`${refused.length} of ${pushed} were not created.`);
    const [stored] = await stack.platform.database.list({ collection: resources(group.id), where: [], limit: 1 });
    const begun = performance.now();
    for (let at = 0; at < 2 * pushed; at += committed) {
      const batch = bare.batch();
      for (let n = 0; n < committed; n += 1) batch.create(bare.doc(`bare/${randomUUID()}`), { ...stored?.data });
      await batch.commit();
    }
    const floor = performance.now() - begun;
    const rows = [
      [`${2 * pushed} bare documents, ${committed} a commit`, (floor / 1000).toFixed(1), '1.00'],
      [`${pushed} resources pushed, two documents each`, (took / 1000).toFixed(1), (took / floor).toFixed(2)],
    ];
    print(`\nPushing, s: one run\n\n${table(['', '', 'to the floor above'], rows)}`);
  } finally {
    await bare.terminate();
    await stack.stop();
  }
}
