import { webcrypto } from 'node:crypto';
import type { Peer } from './peers.ts';

/** npm @getinsomnia/srp-js, which wants a browser's globals while it is imported. */
export async function insomnia(bits: 2048 | 3072): Promise<Peer> {
  Object.assign(globalThis, { window: { crypto: webcrypto, atob, btoa } });
  const { Client, computeVerifier, genKey, params, Server } = await import('@getinsomnia/srp-js');
  const parameters = params[bits];
  if (parameters === undefined) throw new Error(`No group of ${bits} bits.`);
  // It brings a Buffer of its own and accepts no other.
  const itsBuffer = Object.getPrototypeOf(await genKey(32));
  const its = (bytes: Uint8Array): Buffer => Object.setPrototypeOf(new Uint8Array(bytes), itsBuffer);
  return {
    verifier: (salt, identity, password) => computeVerifier(parameters, its(salt), its(identity), its(password)),
    client(salt, identity, password, secret) {
      const client = new Client(parameters, its(salt), its(identity), its(password), its(secret));
      return {
        computeA: () => client.computeA(),
        setB: (B) => client.setB(its(B)),
        computeM1: () => client.computeM1(),
        checkM2: (M2) => client.checkM2(its(M2)),
        computeK: () => client.computeK(),
      };
    },
    server(verifier, secret) {
      const server = new Server(parameters, its(verifier), its(secret));
      return {
        computeB: () => server.computeB(),
        setA: (A) => server.setA(its(A)),
        proveTo: (M1) => server.checkM1(its(M1)) ?? Buffer.alloc(0),
        computeK: () => server.computeK(),
      };
    },
  };
}
