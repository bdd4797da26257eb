import type { Peer } from './peers.ts';

// jsbn takes a `navigator` that is not Netscape's for an old browser's and multiplies in a way that is slow in Node.
Reflect.deleteProperty(globalThis, 'navigator');
const { default: srp } = await import('srp-js');

/** npm srp-js as a peer. */
export function srpJs(bits: 2048 | 3072): Peer {
  const parameters = srp.params[bits];
  return {
    verifier: (salt, identity, password) => srp.computeVerifier(parameters, salt, identity, password),
    client: (salt, identity, password, secret) => new srp.Client(parameters, salt, identity, password, secret),
    server(verifier, secret) {
      const server = new srp.Server(parameters, verifier, secret);
      return {
        computeB: () => server.computeB(),
        setA: (A) => server.setA(A),
        proveTo: (M1) => server.checkM1(M1),
        computeK: () => server.computeK(),
      };
    },
  };
}
