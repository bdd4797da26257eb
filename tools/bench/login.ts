import { SRPClientSession, SRPParameters, SRPRoutines } from 'tssrp6a';
import { srpEngine } from '#srp-engine';
import { deriveKey } from '../../shared/crypto/derive-key.ts';
import { encodeHex } from '../../shared/crypto/hex.ts';
import { SrpClient } from '../../shared/crypto/srp/client.ts';
import { srpGroups } from '../../shared/crypto/srp/groups.ts';
import { toBytes, toInteger } from '../../shared/crypto/srp/integers.ts';
import { defaultProfile, profiles } from '../../shared/protocol/profiles.ts';

const group = srpGroups[2048];
const { iterations } = profiles[defaultProfile];
const email = 'jane@example.com';
const passphrase = 'Jane on the pier at dusk';
const salt = crypto.getRandomValues(new Uint8Array(32));
const saltHex = encodeHex(salt);
/** Any value in 1..N-1 costs a client the same. */
const B = group.N >> 1n;

/** Both secrets that a login makes of the passphrase. */
const secrets = () =>
  Promise.all([deriveKey(passphrase, email, saltHex, iterations), deriveKey(passphrase, email, saltHex, iterations)]);

async function ours(authSecret: string): Promise<void> {
  const client = new SrpClient({ profile: defaultProfile, email, authSecret }, srpEngine);
  client.start();
  await client.finish({ saltAuth: saltHex, srpB: encodeHex(toBytes(B, group.bytes)) });
}

/** tssrp6a as it comes, in the same group and with the same hash. */
async function unmodified(authSecret: string): Promise<void> {
  const H = (data: ArrayBuffer) => crypto.subtle.digest('SHA-256', data);
  const routines = new SRPRoutines(new SRPParameters({ N: group.N, g: group.g }, H));
  const client = await new SRPClientSession(routines).step1(email, authSecret);
  await client.step2(toInteger(salt), B);
}

const fixed = 'ab'.repeat(32);

/** By name: a client's work of one login, whole, and its parts; the calls to the server are the same for all. */
const contenders = {
  'PBKDF2, twice': async () => void (await secrets()),
  'SRP, ours': () => ours(fixed),
  'SRP, tssrp6a unmodified': () => unmodified(fixed),
  'login, ours': async () => ours((await secrets())[0]),
  'login, tssrp6a unmodified': async () => unmodified((await secrets())[0]),
} as const satisfies Record<string, () => Promise<void>>;

type Samples = Readonly<Record<keyof typeof contenders, readonly number[]>>;

/** Milliseconds of each contender in interleaved rounds; the first three only warm up. */
export async function benchLogin(rounds: number): Promise<Samples> {
  const samples = new Map<string, number[]>();
  for (let round = -3; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const start = performance.now();
      await run();
      const spent = performance.now() - start;
      if (round >= 0) samples.set(name, [...(samples.get(name) ?? []), spent]);
    }
  }
  return Object.fromEntries(samples) as unknown as Samples;
}

/** A row for each: milliseconds, and how many times as long tssrp6a takes for the same. */
export function loginRows(samples: Samples): string[][] {
  return Object.entries(samples).map(([name, values]) => {
    const rival = `${name.split(', ')[0]}, tssrp6a unmodified`;
    const [low, median] = [percentile(values, 0.1), percentile(values, 0.5)];
    const ratio = rival in samples ? percentile(samples[rival as keyof Samples], 0.5) / median : undefined;
    return [name, low.toFixed(1), median.toFixed(1), ratio?.toFixed(1) ?? ''];
  });
}

export const loginHead = ['one login, 2048 bits', 'p10 ms', 'median ms', 'tssrp6a / it'];

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((one, two) => one - two)[Math.floor(values.length * share)] ?? Number.NaN;
}
