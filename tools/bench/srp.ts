import { spawnSync } from 'node:child_process';
import { createDiffieHellman, createHash, randomBytes } from 'node:crypto';
import srpJsLibrary from 'srp-js';
import { SRPClientSession, SRPParameters, SRPRoutines, SRPServerSession } from 'tssrp6a';
import { decodeHex, encodeHex } from '../../shared/crypto/hex.ts';
import { createVerifier, SrpClient } from '../../shared/crypto/srp/client.ts';
import type { SrpEngine } from '../../shared/crypto/srp/engine.ts';
import { srpGroups } from '../../shared/crypto/srp/groups.ts';
import { toBytes, toInteger } from '../../shared/crypto/srp/integers.ts';
import { createDhObjectPower } from '../../shared/crypto/srp/openssl/dh-object-power.ts';
import { OpensslEngine, opensslEngine } from '../../shared/crypto/srp/openssl/engine.ts';
import { SrpServer } from '../../shared/crypto/srp/server.ts';
import { defaultProfile } from '../../shared/protocol/profiles.ts';
import type { Bench, BenchRun } from './bench.ts';

const group = srpGroups[2048];
const identity = { profile: defaultProfile, email: 'jane@example.com', authSecret: 'ab'.repeat(32) };
const salt = randomBytes(32);
const saltAuth = salt.toString('hex');

/** Does the server's work of one login and returns how long it took, in milliseconds. */
type Contender = () => Promise<number>;

/** Our server, both steps, with a client whose time does not count. */
async function ours(engine: SrpEngine): Promise<Contender> {
  const server = new SrpServer(group, engine);
  const verifier = decodeHex(await createVerifier({ ...identity, saltAuth }, opensslEngine));
  return async () => {
    const client = new SrpClient(identity, clientEngine);
    const A = decodeHex(client.start().srpA);
    const first = performance.now();
    const challenge = await server.challenge(verifier);
    const between = performance.now();
    const proof = await client.finish({ saltAuth, srpB: encodeHex(challenge.B) });
    const M1 = decodeHex(proof.srpM1);
    const second = performance.now();
    const answer = await server.finish({ verifier, A, ...challenge }, M1);
    const end = performance.now();
    if (answer === undefined) throw new Error('The proof was refused.');
    return between - first + (end - second);
  };
}

/** tssrp6a as it comes, but with SHA-256. */
async function unmodified(): Promise<Contender> {
  const H = async (data: ArrayBuffer) =>
    new Uint8Array(createHash('sha256').update(new Uint8Array(data)).digest()).buffer;
  const routines = new SRPRoutines(new SRPParameters({ N: group.N, g: group.g }, H));
  const s = toInteger(salt);
  const verifier = routines.computeVerifier(await routines.computeX(identity.email, s, identity.authSecret));
  return async () => {
    const first = performance.now();
    const step1 = await new SRPServerSession(routines).step1(identity.email, s, verifier);
    const between = performance.now();
    const client = await new SRPClientSession(routines).step1(identity.email, identity.authSecret);
    const { A, M1 } = await client.step2(s, step1.B);
    const second = performance.now();
    await step1.step2(A, M1);
    return between - first + (performance.now() - second);
  };
}

/** The library of the protocol's first clients. */
function srpJs(): Contender {
  const parameters = srpJsLibrary.params[2048];
  const inputs = [salt, Buffer.from(identity.email), Buffer.from(identity.authSecret, 'hex')] as const;
  const verifier = srpJsLibrary.computeVerifier(parameters, ...inputs);
  return async () => {
    const client = new srpJsLibrary.Client(
      parameters,
      ...inputs,
      Buffer.concat([Uint8Array.of(0x80), randomBytes(31)]),
    );
    const A = client.computeA();
    const first = performance.now();
    const server = new srpJsLibrary.Server(parameters, verifier, randomBytes(32));
    const between = performance.now();
    client.setB(server.computeB());
    const second = performance.now();
    server.setA(A);
    server.checkM1(client.computeM1());
    return between - first + (performance.now() - second);
  };
}

/** What no server on this machine's OpenSSL goes below: the three exponentiations, with secrets as long, and nothing else. */
function floor(): Contender {
  const dh = createDiffieHellman(toBytes(group.N, group.bytes), 2);
  const generator = toBytes(group.g, group.bytes);
  const base = toBytes(group.N >> 1n, group.bytes);
  return async () => {
    const [b, u] = [randomBytes(group.serverSecretBytes), randomBytes(32)];
    const start = performance.now();
    dh.setPrivateKey(b);
    dh.computeSecret(generator);
    dh.setPrivateKey(u);
    dh.computeSecret(base);
    dh.setPrivateKey(b);
    dh.computeSecret(base);
    return performance.now() - start;
  };
}

/** An engine that has already changed to its lasting route. */
async function warmed(): Promise<SrpEngine> {
  const engine = new OpensslEngine(1);
  engine.modPow(3n, 5n, group);
  await new Promise((resolve) => setImmediate(resolve));
  return engine;
}

const clientEngine = await warmed();

function percentile(samples: readonly number[], share: number): number {
  return samples.toSorted((one, two) => one - two)[Math.floor(samples.length * share)] ?? Number.NaN;
}

/** The first login of a fresh process, server's work only, in milliseconds; median of some processes. */
function firstLogin(route: 'imported-key' | 'dh-object', processes: number): number {
  const samples = Array.from({ length: processes }, () => {
    const child = spawnSync(process.execPath, [import.meta.filename, route], { encoding: 'utf8' });
    return Number(child.stdout);
  });
  return percentile(samples, 0.5);
}

async function measureFirstLogin(route: string): Promise<number> {
  const verifier = toBytes(group.N >> 2n, group.bytes);
  const A = toBytes(group.N >> 3n, group.bytes);
  const start = performance.now();
  const modPow = route === 'dh-object' ? createDhObjectPower(group) : opensslEngine.modPow.bind(opensslEngine);
  const engine: SrpEngine = {
    modPow,
    sha256: (...parts) => opensslEngine.sha256(...parts),
    randomBytes: (length) => opensslEngine.randomBytes(length),
    equal: (a, b) => opensslEngine.equal(a, b),
  };
  const server = new SrpServer(group, engine);
  const challenge = await server.challenge(verifier);
  await server.finish({ verifier, A, ...challenge }, new Uint8Array(32));
  return performance.now() - start;
}

interface Length {
  readonly rounds: number;
  /** Samples of a quick contender in each round. */
  readonly repeats: number;
  readonly processes: number;
}

/** The server's half of a login at 2048 bits: ours, its rivals, and the floor, in interleaved rounds. About ten seconds. */
export const srp: Bench = {
  about: "the server's work of a login, beside its floor and other libraries",
  run: ({ print, short }) =>
    benchSrp(print, short ? { rounds: 1, repeats: 1, processes: 1 } : { rounds: 40, repeats: 10, processes: 5 }),
};

async function benchSrp(print: BenchRun['print'], { rounds, repeats, processes }: Length): Promise<void> {
  const contenders: readonly { name: string; run: Contender; times: number }[] = [
    { name: 'floor: three exponentiations', run: floor(), times: repeats },
    { name: 'ours, long-lived process', run: await ours(clientEngine), times: repeats },
    { name: 'ours, first 1,666 logins', run: await ours(new OpensslEngine()), times: repeats },
    { name: 'srp-js 0.2.1', run: srpJs(), times: 1 },
    { name: 'tssrp6a 3.0.0 unmodified', run: await unmodified(), times: 1 },
  ];
  const samples = contenders.map((): number[] => []);
  for (let round = -3; round < rounds; round++) {
    for (const [index, { run, times }] of contenders.entries()) {
      for (let time = 0; time < times; time++) {
        const sample = await run();
        if (round >= 0) samples[index]?.push(sample);
      }
    }
  }

  const p10 = samples.map((values) => percentile(values, 0.1));
  const [least = Number.NaN] = p10;
  const slowest = p10.at(-1) ?? Number.NaN;
  print('SRP, server work of one login, 2048 bits      p10 ms  median ms  x floor  tssrp6a / it');
  for (const [index, { name }] of contenders.entries()) {
    const low = p10[index] ?? Number.NaN;
    const median = percentile(samples[index] ?? [], 0.5);
    const columns = [low.toFixed(3).padStart(9), median.toFixed(3).padStart(11), (low / least).toFixed(2).padStart(9)];
    print(`  ${name.padEnd(41)}${columns.join('')}${(slowest / low).toFixed(1).padStart(14)}`);
  }
  print('First login of a fresh process, server work, ms');
  print(`  imported keys (what a cold start gets)   ${firstLogin('imported-key', processes).toFixed(1).padStart(9)}`);
  print(`  Diffie-Hellman object made first         ${firstLogin('dh-object', processes).toFixed(1).padStart(9)}`);
}

if (import.meta.main) process.stdout.write(String(await measureFirstLogin(process.argv[2] ?? '')));
