/**
 * Searches handshakes in which one value begins with a zero byte, and prints them as JSON for srp-leading-zeros.json.
 * The search uses this project's arithmetic; every value that is written down was computed by npm srp-js.
 * Everything comes from counters, so a second run prints the same. It takes about half a minute:
 *
 *     node test/vectors/make-srp-leading-zeros.ts > test/vectors/srp-leading-zeros.json
 */
import { createHash } from 'node:crypto';
import srp from 'srp-js';
import { type SrpGroup, srpGroups } from '../../shared/crypto/srp/groups.ts';
import { toBytes, toInteger } from '../../shared/crypto/srp/integers.ts';
import { opensslEngine } from '../../shared/crypto/srp/openssl/engine.ts';

const email = 'jane@example.com';
const zeroed = ['A', 'B', 'S', 'K', 'M1', 'M2', 'u', 'verifier', 'saltAuth'] as const;
const modPow = opensslEngine.modPow.bind(opensslEngine);
const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

interface Inputs {
  readonly secret: Buffer;
  readonly salt: Buffer;
  readonly a: Buffer;
  readonly b: Buffer;
}

function inputsOf(group: SrpGroup, label: string, round: number): Inputs {
  const draw = (name: string) => sha256(Buffer.from(`${group.bytes} ${label} ${name} ${round}`));
  const salt = draw('salt');
  if (label === 'saltAuth') salt[0] = 0;
  const b = Buffer.concat([draw('b'), draw('more b')]).subarray(0, group.serverSecretBytes);
  return { secret: draw('secret'), salt, a: draw('a'), b };
}

/** The value called `label`, by the formulas, without computing more than it needs. */
function searched(group: SrpGroup, label: (typeof zeroed)[number], { secret, salt, a, b }: Inputs): Uint8Array {
  const { N, g, bytes } = group;
  const pad = (integer: bigint) => toBytes(integer, bytes);
  if (label === 'saltAuth') return salt;
  const A = pad(modPow(g, toInteger(a), group));
  if (label === 'A') return A;
  const x = toInteger(sha256(salt, sha256(Buffer.from(`${email}:`), secret)));
  const v = modPow(g, x, group);
  if (label === 'verifier') return pad(v);
  const k = toInteger(sha256(pad(N), pad(g)));
  const B = pad((k * v + modPow(g, toInteger(b), group)) % N);
  if (label === 'B') return B;
  const u = sha256(A, B);
  if (label === 'u') return u;
  const S = pad(modPow((toInteger(A) * modPow(v, toInteger(u), group)) % N, toInteger(b), group));
  if (label === 'S') return S;
  if (label === 'K') return sha256(S);
  const M1 = sha256(A, B, S);
  return label === 'M1' ? M1 : sha256(A, M1, sha256(S));
}

function vectorOf(bits: 2048 | 3072, label: string, { secret, salt, a, b }: Inputs) {
  const parameters = srp.params[bits];
  const identity = Buffer.from(email);
  const verifier = srp.computeVerifier(parameters, salt, identity, secret);
  const client = new srp.Client(parameters, salt, identity, secret, a);
  const server = new srp.Server(parameters, verifier, b);
  server.setA(client.computeA());
  client.setB(server.computeB());
  const M2 = server.checkM1(client.computeM1());
  client.checkM2(M2);
  const values = {
    authSecret: secret,
    saltAuth: salt,
    a,
    b,
    verifier,
    A: client.computeA(),
    B: server.computeB(),
    S: server._private.S_buf,
    K: server.computeK(),
    M1: client.computeM1(),
    M2,
  };
  const hex = Object.entries(values).map(([name, bytes]) => [name, Buffer.from(bytes).toString('hex')]);
  return { zero: label, groupBits: bits, email, ...Object.fromEntries(hex) };
}

const vectors = ([2048, 3072] as const).flatMap((bits) =>
  zeroed.map((label) => {
    for (let round = 0; ; round++) {
      const inputs = inputsOf(srpGroups[bits], label, round);
      if (searched(srpGroups[bits], label, inputs)[0] === 0) return vectorOf(bits, label, inputs);
    }
  }),
);
process.stdout.write(`${JSON.stringify(vectors, null, 2)}\n`);
