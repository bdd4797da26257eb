import { decodeHex, encodeHex } from '../../../shared/crypto/hex.ts';
import { createVerifier, SrpClient } from '../../../shared/crypto/srp/client.ts';
import { srpGroups } from '../../../shared/crypto/srp/groups.ts';
import { toBytes } from '../../../shared/crypto/srp/integers.ts';
import { opensslEngine } from '../../../shared/crypto/srp/openssl/engine.ts';
import { NodeSrpRoutines } from '../../../shared/crypto/srp/routines.ts';
import { SrpServer } from '../../../shared/crypto/srp/server.ts';
import { defaultProfile } from '../../../shared/protocol/profiles.ts';
import { withHash } from './engines.ts';

const group = srpGroups[2048];
const { N } = group;
const saltAuth = '00'.repeat(31).concat('01');
const identity = { profile: defaultProfile, email: 'bob@example.com', authSecret: 'ab'.repeat(32) };
const hexOf = (value: bigint, bytes = 256) => encodeHex(toBytes(value, bytes));

const badB = { code: 'SRP_PUBLIC_VALUE_OUT_OF_RANGE', message: 'The public value B is outside 1..N-1.' };
const badA = { code: 'SRP_PUBLIC_VALUE_OUT_OF_RANGE', message: 'The public value A is outside 1..N-1.' };
const zeroU = { code: 'SRP_SCRAMBLER_ZERO', message: 'The scrambling value u is zero.' };
const badHex = (bytes: number) => ({
  code: 'HEX_INVALID',
  message: `Expected exactly ${bytes * 2} lower-case hex characters.`,
});

async function handshake() {
  const verifier = decodeHex(await createVerifier({ ...identity, saltAuth }, opensslEngine));
  const server = new SrpServer(group, opensslEngine);
  const client = new SrpClient(identity, opensslEngine);
  const A = decodeHex(client.start().srpA);
  const { b, B } = await server.challenge(verifier);
  const proof = await client.finish({ saltAuth, srpB: encodeHex(B) });
  return { server, state: { verifier, A, b, B }, proof, M1: decodeHex(proof.srpM1) };
}

describe('a client', () => {
  const client = () => new SrpClient(identity, opensslEngine);

  it.each([
    ['B = 0', hexOf(0n)],
    ['B = N', hexOf(N)],
    ['B > N', hexOf(N + 1n)],
    ['B of all ones', 'f'.repeat(512)],
  ])('refuses %s', async (_, srpB) => {
    await expect(client().finish({ saltAuth, srpB })).rejects.toMatchObject(badB);
  });

  it.each([
    ['2N, which is a byte too long', hexOf(2n * N, 257)],
    ['a B that is a byte short', hexOf(5n, 255)],
    ['a B in upper case', 'AB'.repeat(256)],
    ['a B that is no hex', 'xy'.repeat(256)],
    ['an empty B', ''],
  ])('refuses %s', async (_, srpB) => {
    await expect(client().finish({ saltAuth, srpB })).rejects.toMatchObject(badHex(256));
  });

  it('refuses B = 2N where the length does not already', () => {
    const routines = new NodeSrpRoutines(group, opensslEngine);
    expect(() => routines.computeClientSessionKey(3n, 5n, 7n, 11n, 2n * N)).toThrow(expect.objectContaining(badB));
    expect([0n, N, 2n * N, -1n].map((value) => routines.isValidPublicValue(value))).toEqual(Array(4).fill(false));
  });

  it('refuses a salt of another form', async () => {
    await expect(client().finish({ saltAuth: 'AB'.repeat(32), srpB: hexOf(5n) })).rejects.toMatchObject(badHex(32));
    await expect(client().finish({ saltAuth: 'ab'.repeat(31), srpB: hexOf(5n) })).rejects.toMatchObject(badHex(32));
    const short = createVerifier({ ...identity, saltAuth: 'ab'.repeat(16) }, opensslEngine);
    await expect(short).rejects.toMatchObject(badHex(32));
  });

  it('refuses a secret of another form', async () => {
    const wrong = { ...identity, authSecret: 'passphrase' };
    expect(() => new SrpClient(wrong, opensslEngine)).toThrow(expect.objectContaining(badHex(32)));
    await expect(createVerifier({ ...wrong, saltAuth }, opensslEngine)).rejects.toMatchObject(badHex(32));
  });

  it('refuses u = 0', async () => {
    const engine = withHash(opensslEngine, () => new Uint8Array(32));
    const promise = new SrpClient(identity, engine).finish({ saltAuth, srpB: hexOf(5n) });
    await expect(promise).rejects.toMatchObject(zeroU);
  });

  it('refuses a wrong M2, and a right one that is not written as it should be', async () => {
    const { server, state, proof, M1 } = await handshake();
    const answer = await server.finish(state, M1);
    const srpM2 = encodeHex(answer?.M2 ?? new Uint8Array(32));
    const wrong = srpM2.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    expect(() => proof.verify(wrong)).toThrow(
      expect.objectContaining({
        code: 'SRP_SERVER_PROOF_WRONG',
        message: 'The server did not prove that it knows this account. Do not use the session.',
      }),
    );
    expect(() => proof.verify(`${srpM2}00`)).toThrow(expect.objectContaining(badHex(32)));
    expect(() => proof.verify(srpM2.slice(2))).toThrow(expect.objectContaining(badHex(32)));
    expect(() => proof.verify('AB'.repeat(32))).toThrow(expect.objectContaining(badHex(32)));
    expect(proof.verify(srpM2)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('draws another A for every handshake and keeps it within one', () => {
    const one = client();
    expect(one.start()).toEqual(one.start());
    expect(one.start()).not.toEqual(client().start());
  });
});

describe('a server', () => {
  it.each([
    ['A = 0', toBytes(0n, 256)],
    ['A = N', toBytes(N, 256)],
    ['A > N', toBytes(N + 1n, 256)],
    ['A = 2N', toBytes(2n * N, 257)],
    ['an A of 64 KiB', new Uint8Array(1 << 16).fill(255)],
  ])('refuses %s', async (_, A) => {
    const { server, state, M1 } = await handshake();
    await expect(server.finish({ ...state, A }, M1)).rejects.toMatchObject(badA);
  });

  it('refuses u = 0', async () => {
    const { state, M1 } = await handshake();
    const server = new SrpServer(
      group,
      withHash(opensslEngine, () => new Uint8Array(32)),
    );
    await expect(server.finish(state, M1)).rejects.toMatchObject(zeroU);
  });

  it('gives nothing for a wrong M1, for any bit of it and any length', async () => {
    const { server, state, M1 } = await handshake();
    for (const at of [0, 13, 31]) {
      const wrong = M1.slice();
      wrong[at] = (wrong[at] ?? 0) ^ 1;
      expect(await server.finish(state, wrong)).toBeUndefined();
    }
    expect(await server.finish(state, M1.slice(1))).toBeUndefined();
    expect(await server.finish(state, new Uint8Array(0))).toBeUndefined();
    expect(await server.finish(state, M1)).toBeDefined();
  });

  it('gives nothing for the proof of another passphrase, another address or another salt', async () => {
    const { server, state } = await handshake();
    const srpB = encodeHex(state.B);
    const others = [
      { identity: { ...identity, authSecret: 'ac'.repeat(32) }, saltAuth },
      { identity: { ...identity, email: 'jane@example.com' }, saltAuth },
      { identity, saltAuth: '02'.repeat(32) },
    ];
    for (const other of others) {
      const client = new SrpClient(other.identity, opensslEngine);
      const A = decodeHex(client.start().srpA);
      const { srpM1 } = await client.finish({ saltAuth: other.saltAuth, srpB });
      expect(await server.finish({ ...state, A }, decodeHex(srpM1))).toBeUndefined();
    }
  });

  it('gives nothing for an M1 that was made for another b', async () => {
    const { server, state, M1 } = await handshake();
    const again = await server.challenge(state.verifier);
    expect(again.B).not.toEqual(state.B);
    expect(await server.finish({ ...state, ...again }, M1)).toBeUndefined();
  });
});
