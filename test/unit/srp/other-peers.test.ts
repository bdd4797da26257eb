import './no-navigator.ts';

import { SRP, SrpClient, SrpServer } from 'fast-srp-hap';
import { insomnia } from './insomnia.ts';
import { loginAtPeer, loginOfPeer, type Peer } from './peers.ts';

type Bits = 2048 | 3072;

/** npm fast-srp-hap without its HomeKit variant (M1 of SRP-6a as in node-srp). */
function fastSrp(bits: Bits): Peer {
  const parameters = { ...SRP.params[bits], hap: false };
  return {
    verifier: (salt, identity, password) => SRP.computeVerifier(parameters, salt, identity, password),
    client: (salt, identity, password, secret) => new SrpClient(parameters, salt, identity, password, secret, false),
    server(verifier, secret) {
      const server = new SrpServer(parameters, verifier, secret);
      return {
        computeB: () => server.computeB(),
        setA: (A) => server.setA(A),
        proveTo(M1) {
          server.checkM1(M1);
          return server.computeM2();
        },
        computeK: () => server.computeK(),
      };
    },
  };
}

const profileOf = {
  2048: 'srp6a-2048-sha256+pbkdf2-sha256-100000',
  3072: 'srp6a-3072-sha256+pbkdf2-sha256-600000',
} as const;

describe.each([
  ['fast-srp-hap', 2048, 40, fastSrp],
  ['fast-srp-hap', 3072, 4, fastSrp],
  ['@getinsomnia/srp-js', 2048, 40, insomnia],
  ['@getinsomnia/srp-js', 3072, 4, insomnia],
] as const)('%s at %i bits, %i times', (_name, bits, times, create) => {
  it('is a server we can log in at', async () => {
    const peer = await create(bits);
    for (let round = 0; round < times; round++) {
      const [ours, theirs] = await loginAtPeer(peer, profileOf[bits]);
      expect(ours).toBe(theirs);
    }
  }, 60_000);

  it('is a client our server lets in', async () => {
    const peer = await create(bits);
    for (let round = 0; round < times; round++) {
      const [ours, theirs] = await loginOfPeer(peer, profileOf[bits]);
      expect(ours).toBe(theirs);
    }
  }, 60_000);
});
