import { randomBytes } from 'node:crypto';
import { createVerifier, SrpClient } from '../../../shared/crypto/srp/client.ts';
import { srpGroups } from '../../../shared/crypto/srp/groups.ts';
import { opensslEngine } from '../../../shared/crypto/srp/openssl/engine.ts';
import { SrpServer } from '../../../shared/crypto/srp/server.ts';
import { type ProfileId, profiles } from '../../../shared/protocol/profiles.ts';

/** Another implementation's client, in the middle of a handshake. */
export interface PeerClient {
  computeA(): Buffer;
  setB(B: Buffer): void;
  computeM1(): Buffer;
  checkM2(M2: Buffer): void;
  computeK(): Buffer;
}

/** Another implementation's server, in the middle of a handshake. */
export interface PeerServer {
  computeB(): Buffer;
  setA(A: Buffer): void;
  /** Checks M1, and throws when it is wrong. Returns M2. */
  proveTo(M1: Buffer): Buffer;
  computeK(): Buffer;
}

/** Another implementation of the protocol. */
export interface Peer {
  verifier(salt: Buffer, identity: Buffer, password: Buffer): Buffer;
  client(salt: Buffer, identity: Buffer, password: Buffer, secret: Buffer): PeerClient;
  server(verifier: Buffer, secret: Buffer): PeerServer;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Our client logs in at the peer's server, everything random. Returns both keys as hex. */
export async function loginAtPeer(peer: Peer, profile: ProfileId): Promise<[ours: string, theirs: string]> {
  const { email, password, salt } = account();
  const identity = { profile, email, authSecret: hex(password) };
  const verifier = await createVerifier({ ...identity, saltAuth: hex(salt) }, opensslEngine);

  const server = peer.server(Buffer.from(verifier, 'hex'), randomBytes(32));
  const client = new SrpClient(identity, opensslEngine);
  server.setA(Buffer.from(client.start().srpA, 'hex'));
  const proof = await client.finish({ saltAuth: hex(salt), srpB: hex(server.computeB()) });
  const M2 = server.proveTo(Buffer.from(proof.srpM1, 'hex'));
  return [proof.verify(hex(M2)), hex(server.computeK())];
}

/** The peer's client logs in at our server with a verifier of its own. Returns both keys as hex. */
export async function loginOfPeer(peer: Peer, profile: ProfileId): Promise<[ours: string, theirs: string]> {
  const { email, password, salt } = account();
  const identity = Buffer.from(email);
  const verifier = peer.verifier(salt, identity, password);

  const server = new SrpServer(srpGroups[profiles[profile].groupBits], opensslEngine);
  const client = peer.client(salt, identity, password, secretOfFullLength());
  const A = client.computeA();
  const challenge = await server.challenge(verifier);
  client.setB(Buffer.from(challenge.B));
  const proof = await server.finish({ verifier, A, ...challenge }, client.computeM1());
  if (proof === undefined) throw new Error('Our server refused the proof of the other client.');
  client.checkM2(Buffer.from(proof.M2));
  return [hex(proof.K), hex(client.computeK())];
}

/** The peers write a warning to the console when the top byte of a is zero. */
function secretOfFullLength(): Buffer {
  return Buffer.concat([Uint8Array.of(0x80), randomBytes(31)]);
}

function account() {
  return { email: `jane+${hex(randomBytes(4))}@example.com`, password: randomBytes(32), salt: randomBytes(32) };
}
