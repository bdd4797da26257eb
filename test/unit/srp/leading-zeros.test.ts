import { readFileSync } from 'node:fs';
import { decodeHex, encodeHex } from '../../../shared/crypto/hex.ts';
import { createVerifier, SrpClient } from '../../../shared/crypto/srp/client.ts';
import { srpGroups } from '../../../shared/crypto/srp/groups.ts';
import { opensslEngine } from '../../../shared/crypto/srp/openssl/engine.ts';
import { SrpServer } from '../../../shared/crypto/srp/server.ts';
import { webEngine } from '../../../shared/crypto/srp/web-engine.ts';
import { type AccountProfile, type ProfileId, profiles } from '../../../shared/protocol/profiles.ts';
import { withSecret } from './engines.ts';

interface Vector {
  readonly zero: string;
  readonly groupBits: AccountProfile['groupBits'];
  readonly email: string;
  readonly authSecret: string;
  readonly saltAuth: string;
  readonly a: string;
  readonly b: string;
  readonly verifier: string;
  readonly A: string;
  readonly B: string;
  readonly K: string;
  readonly M1: string;
  readonly M2: string;
}

const vectors: Vector[] = JSON.parse(readFileSync('test/vectors/srp-leading-zeros.json', 'utf8'));

function profileOf({ groupBits }: Vector): ProfileId {
  const profile = Object.values(profiles).find((candidate) => candidate.groupBits === groupBits);
  if (profile === undefined) throw new Error(`No profile has ${groupBits} bits.`);
  return profile.id;
}

// Values with leading zeros are the ones that libraries without padding get wrong, in 0.4 to 2 % of all logins.
describe.each(vectors.map((vector) => ({ title: `${vector.zero} at ${vector.groupBits} bits`, vector })))(
  'a zero first byte in $title',
  ({ vector }) => {
    const identity = { profile: profileOf(vector), email: vector.email, authSecret: vector.authSecret };
    const group = srpGroups[vector.groupBits];

    it.each([
      ['WebCrypto and BigInt', webEngine],
      ['OpenSSL', opensslEngine],
    ])('changes nothing on %s', async (_, engine) => {
      expect(await createVerifier({ ...identity, saltAuth: vector.saltAuth }, engine)).toBe(vector.verifier);

      const client = new SrpClient(identity, withSecret(engine, decodeHex(vector.a), 72));
      expect(client.start().srpA).toBe(vector.A);

      const server = new SrpServer(group, withSecret(engine, decodeHex(vector.b), group.serverSecretBytes));
      const verifier = decodeHex(vector.verifier);
      const { b, B } = await server.challenge(verifier);
      expect(encodeHex(B)).toBe(vector.B);

      const proof = await client.finish({ saltAuth: vector.saltAuth, srpB: vector.B });
      expect(proof.srpM1).toBe(vector.M1);
      const answer = await server.finish({ verifier, A: decodeHex(vector.A), b, B }, decodeHex(vector.M1));
      expect(answer && encodeHex(answer.K)).toBe(vector.K);
      expect(answer && encodeHex(answer.M2)).toBe(vector.M2);
      expect(proof.verify(vector.M2)).toBe(vector.K);
    });
  },
);

it('covers every value in both groups', () => {
  const names = ['A', 'B', 'S', 'K', 'M1', 'M2', 'u', 'verifier', 'saltAuth'];
  expect(vectors.map(({ zero, groupBits }) => `${zero} ${groupBits}`)).toEqual([
    ...names.map((name) => `${name} 2048`),
    ...names.map((name) => `${name} 3072`),
  ]);
  for (const vector of vectors) {
    const value = Object.entries(vector).find(([name]) => name === vector.zero)?.[1];
    if (value !== undefined) expect(value).toMatch(/^00/);
  }
});
