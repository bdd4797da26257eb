import { readFileSync } from 'node:fs';
import { decodeHex, encodeHex } from '../../../shared/crypto/hex.ts';
import { createVerifier, SrpClient } from '../../../shared/crypto/srp/client.ts';
import { srpGroups } from '../../../shared/crypto/srp/groups.ts';
import { toInteger } from '../../../shared/crypto/srp/integers.ts';
import { opensslEngine } from '../../../shared/crypto/srp/openssl/engine.ts';
import { NodeSrpRoutines } from '../../../shared/crypto/srp/routines.ts';
import { ServerChallenge, SrpServer } from '../../../shared/crypto/srp/server.ts';
import { webEngine } from '../../../shared/crypto/srp/web-engine.ts';
import { defaultProfile } from '../../../shared/protocol/profiles.ts';
import { withSecret } from './engines.ts';

const vectors = JSON.parse(readFileSync('test/vectors/insomnia-account.json', 'utf8'));
const { srp, email, saltAuth } = vectors;
const identity = { profile: defaultProfile, email, authSecret: vectors.SEC_PWD_Auth };
const group = srpGroups[2048];
const integer = (hex: string) => toInteger(decodeHex(hex));

describe.each([
  ['WebCrypto and BigInt', webEngine],
  ['OpenSSL', opensslEngine],
])('the handshake of existing clients, on %s', (_, engine) => {
  const routines = new NodeSrpRoutines(group, engine);
  const verifier = decodeHex(srp.verifier);
  const A = decodeHex(srp.A);
  const B = decodeHex(srp.B);
  const b = decodeHex(srp.b);
  const M1 = decodeHex(srp.M1);

  it('uses the recorded group', () => {
    expect([group.N.toString(2).length, Number(group.g), group.bytes]).toEqual([srp.N_bits, srp.g, 256]);
  });

  it('has the recorded k', async () => {
    expect((await routines.computeK()).toString(16)).toBe(srp.k.replace(/^0/, ''));
  });

  it('makes the recorded verifier', async () => {
    expect(await createVerifier({ ...identity, saltAuth }, engine)).toBe(srp.verifier);
  });

  it('makes the recorded verifier for an address that is not normalised', async () => {
    const shouted = { ...identity, email: ` ${email.toUpperCase()}\n` };
    expect(await createVerifier({ ...shouted, saltAuth }, engine)).toBe(srp.verifier);
  });

  it('makes the recorded A, M1 and K on the client and accepts the recorded M2', async () => {
    const client = new SrpClient(identity, withSecret(engine, decodeHex(srp.a), 72));
    expect(client.start()).toEqual({ srpA: srp.A });
    const proof = await client.finish({ saltAuth, srpB: srp.B });
    expect(proof.srpM1).toBe(srp.M1);
    expect(proof.verify(srp.M2)).toBe(srp.K);
  });

  it('makes the recorded B on the server', async () => {
    const challenge = await new SrpServer(group, withSecret(engine, b, 32)).challenge(verifier);
    expect(encodeHex(challenge.B)).toBe(srp.B);
    expect(encodeHex(challenge.b)).toBe(srp.b);
  });

  it('has the recorded u', async () => {
    expect((await routines.computeU(integer(srp.A), integer(srp.B))).toString(16)).toBe(srp.u);
    expect(await routines.scrambler(A, B)).toBe(integer(srp.u));
  });

  it('makes the recorded S on the server and on the client', async () => {
    const challenge = new ServerChallenge(routines, integer(srp.verifier), integer(srp.b), integer(srp.B));
    expect((await challenge.sessionKey(integer(srp.A))).toString(16)).toBe(srp.S);
    const x = await routines.computeX(email, integer(saltAuth), identity.authSecret);
    const k = await routines.computeK();
    const S = routines.computeClientSessionKey(k, x, integer(srp.u), integer(srp.a), integer(srp.B));
    expect(S.toString(16)).toBe(srp.S);
  });

  it('makes the recorded M1, K and M2 from A, B and S', async () => {
    const S = decodeHex(srp.S);
    const K = await routines.sharedKey(S);
    expect(encodeHex(K)).toBe(srp.K);
    expect(encodeHex(await routines.clientProof(A, B, S))).toBe(srp.M1);
    expect(encodeHex(await routines.serverProof(A, M1, K))).toBe(srp.M2);
  });

  it('answers the recorded M1 with the recorded K and M2', async () => {
    const proof = await new SrpServer(group, engine).finish({ verifier, A, b, B }, M1);
    expect(proof && encodeHex(proof.K)).toBe(srp.K);
    expect(proof && encodeHex(proof.M2)).toBe(srp.M2);
  });

  it("answers the recorded M1 through tssrp6a's own step as well", async () => {
    const challenge = new ServerChallenge(routines, integer(srp.verifier), integer(srp.b), integer(srp.B));
    expect(await challenge.step2(integer(srp.A), integer(srp.M1))).toBe(integer(srp.M2));
    await expect(challenge.step2(integer(srp.A), integer(srp.M1) ^ 1n)).rejects.toMatchObject({
      code: 'SRP_CLIENT_PROOF_WRONG',
      message: 'The client did not prove that it knows the passphrase.',
    });
  });
});
