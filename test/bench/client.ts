import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { SRPClientSession, SRPParameters, SRPRoutines, SRPServerSession } from 'tssrp6a';
import { sealResource } from '../../client/changes.ts';
import { createAesKey, importAesKey } from '../../shared/crypto/aes-key.ts';
import { blobCipher, blobSeal, openChunkBytes } from '../../shared/crypto/blob.ts';
import { deriveKey } from '../../shared/crypto/derive-key.ts';
import { decodeHex } from '../../shared/crypto/hex.ts';
import { createVerifier, SrpClient } from '../../shared/crypto/srp/client.ts';
import { srpGroups } from '../../shared/crypto/srp/groups.ts';
import { toInteger } from '../../shared/crypto/srp/integers.ts';
import { SrpServer } from '../../shared/crypto/srp/server.ts';
import { webEngine } from '../../shared/crypto/srp/web-engine.ts';
import { opensslEngine } from '../../shared/platform/srp/openssl-engine.ts';
import { defaultProfile, profiles } from '../../shared/protocol/profiles.ts';
import { resources } from '../../shared/store/resources.ts';
import { drafts, enter, jane } from '../support/sdk.ts';
import { startTestStack } from '../support/stack.ts';
import { table } from './table.ts';

const rounds = 5;
const pushed = 10_000;
/** Documents in one commit of the floor: as many as a push of 200 changes writes. */
const committed = 400;

type Contender = readonly [name: string, run: () => Promise<number>];

/** `npm run bench:client`: what encrypting, pushing and logging in cost a client, each beside its floor in the same run. */
const print = (line: string) => void process.stdout.write(`${line}\n`);
await compare('Encrypting, MB/s', await encryption(), 1);
await compare('A login without the network, ms', await logins(), 1);
await pushing();

/** Floor and ours by turns, so that what slows the computer slows them all; a round before is not counted. */
async function compare(title: string, contenders: readonly Contender[], digits: number): Promise<void> {
  const figures = contenders.map((): number[] => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, [, run]] of contenders.entries()) {
      const figure = await run();
      if (round >= 0) figures[index]?.push(figure);
    }
  }
  const medians = figures.map((values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
  const rows = contenders.map(([name], index) => {
    const own = medians[index] ?? 0;
    return [name, own.toFixed(digits), (own / (medians[index - (index % 2)] ?? 1)).toFixed(2)];
  });
  print(`\n${title}: medians of ${rounds} rounds\n\n${table(['', '', 'to the floor above'], rows)}`);
}

/** A large blob chunk by chunk, and small resources; the floor is AES-256-GCM by the same WebCrypto. */
async function encryption(): Promise<Contender[]> {
  const key = await createAesKey();
  const chunks = Array.from({ length: 128 }, () => new Uint8Array(randomBytes(openChunkBytes)));
  const place = { groupId: 'grp_bench', keyEpoch: 1 };
  const cipher = await blobCipher(key, place, await blobSeal(key, place, new Uint8Array(randomBytes(32))));
  const imported = await importAesKey(key, 'encrypt');
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
  return [
    [
      'bare AES-256-GCM, 240 KiB at once',
      () =>
        perSecond(total, async () => {
          for (const chunk of chunks) await bare(chunk);
        }),
    ],
    [
      'a blob, chunk by chunk',
      () =>
        perSecond(total, async () => {
          for (const [index, chunk] of chunks.entries()) await cipher.seal(chunk, index, index === chunks.length - 1);
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

/** The client's whole work of a login, PBKDF2 included where it says so; the server's time does not count. */
async function logins(): Promise<Contender[]> {
  const { email, passphrase } = jane;
  const salt = randomBytes(32);
  const saltAuth = salt.toString('hex');
  const group = srpGroups[2048];
  const { iterations } = profiles[defaultProfile];
  const authSecret = await deriveKey(passphrase, email, saltAuth, iterations);
  const identity = { profile: defaultProfile, email, authSecret };
  const verifier = decodeHex(await createVerifier({ ...identity, saltAuth }, opensslEngine));
  const server = new SrpServer(group, opensslEngine);
  const ours = async (): Promise<number> => {
    const first = performance.now();
    const client = new SrpClient(identity, webEngine);
    client.start();
    const between = performance.now();
    const challenge = await server.challenge(verifier);
    const second = performance.now();
    await client.finish({ saltAuth, srpB: Buffer.from(challenge.B).toString('hex') });
    return between - first + (performance.now() - second);
  };
  const digest = async (data: ArrayBuffer) =>
    new Uint8Array(createHash('sha256').update(new Uint8Array(data)).digest()).buffer;
  const routines = new SRPRoutines(new SRPParameters({ N: group.N, g: group.g }, digest));
  const s = toInteger(salt);
  const theirs = routines.computeVerifier(await routines.computeX(email, s, authSecret));
  const unmodified = async (): Promise<number> => {
    const step1 = await new SRPServerSession(routines).step1(email, s, theirs);
    const started = performance.now();
    const client = await new SRPClientSession(routines).step1(email, authSecret);
    await client.step2(s, step1.B);
    return performance.now() - started;
  };
  const deriving = async (): Promise<number> => {
    const started = performance.now();
    await deriveKey(passphrase, email, saltAuth, iterations);
    return performance.now() - started;
  };
  const both = async (srp: () => Promise<number>) => (await deriving()) + (await deriving()) + (await srp());
  return [
    ['tssrp6a as it comes: SRP', unmodified],
    ['SDK: SRP', ours],
    ['tssrp6a as it comes: SRP, and two derivations', () => both(unmodified)],
    ['SDK: SRP, and two derivations', () => both(ours)],
  ];
}

/** Small resources through the SDK, and as many documents as that stores, written bare to the same emulator. */
async function pushing(): Promise<void> {
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
