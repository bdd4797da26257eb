import { ClientProofWrong, PublicValueOutOfRange } from '../errors.ts';
import type { SrpEngine } from './engine.ts';
import type { SrpGroup } from './groups.ts';
import { toBytes, toInteger } from './integers.ts';
import { NodeSrpRoutines } from './routines.ts';
import { SRPServerSession, SRPServerSessionStep1 } from './tssrp6a.ts';

export { isValidPublicValue, isValidVerifier, seedSlackBytes, verifierFromSeed } from './values.ts';

const proofBytes = 32;

/** What a server has to remember between the two steps of a login. `verifier` and `b` are secret. */
export interface SrpServerState {
  readonly verifier: Uint8Array;
  /** The client's public value, already checked with `isValidPublicValue`. */
  readonly A: Uint8Array;
  readonly b: Uint8Array;
  readonly B: Uint8Array;
}

/** What a proved login gives: the shared key K and the server's own proof M2, 32 bytes each. */
export interface SrpServerProof {
  readonly K: Uint8Array;
  readonly M2: Uint8Array;
}

/** The server's half of the handshake. It holds no state: one object serves every login of its group. */
export class SrpServer {
  readonly #routines: NodeSrpRoutines;
  readonly #session: ServerSession;

  constructor(group: SrpGroup, engine: SrpEngine) {
    this.#routines = new NodeSrpRoutines(group, engine);
    this.#session = new ServerSession(this.#routines);
  }

  /**
   * A fresh secret b, and B = k*v + g^b for the client. One modular exponentiation.
   * @param verifier of the account, as long as N
   */
  async challenge(verifier: Uint8Array): Promise<{ b: Uint8Array; B: Uint8Array }> {
    const { secret, B } = await this.#session.step1('', 0n, toInteger(verifier));
    return { b: toBytes(secret, this.#routines.group.serverSecretBytes), B: this.#routines.pad(B) };
  }

  /**
   * Checks the client's proof. Two modular exponentiations, whether it is right or wrong.
   * A state is good for one call: the caller makes sure that nobody guesses twice against one b.
   * @param M1 32 bytes
   * @returns undefined when the proof is wrong
   * @throws {PublicValueOutOfRange} when A is outside 1..N-1
   * @throws {ScramblerZero} when A and B hash to zero
   */
  async finish({ verifier, A, b, B }: SrpServerState, M1: Uint8Array): Promise<SrpServerProof | undefined> {
    const challenge = new ServerChallenge(this.#routines, toInteger(verifier), toInteger(b), toInteger(B));
    return challenge.prove(A, B, M1);
  }
}

/** tssrp6a's first step with this project's arithmetic: its own ignores the routines' and takes 40 times as long. */
export class ServerSession extends SRPServerSession {
  readonly #routines: NodeSrpRoutines;

  constructor(routines: NodeSrpRoutines) {
    super(routines);
    this.#routines = routines;
  }

  override async step1(_identifier: string, _salt: bigint, verifier: bigint): Promise<ServerChallenge> {
    const { engine, group } = this.#routines;
    const b = this.#routines.generatePrivateValue();
    const k = await this.#routines.computeK();
    const B = (k * verifier + engine.modPow(group.g, b, group)) % group.N;
    return new ServerChallenge(this.#routines, verifier, b, B);
  }
}

/**
 * tssrp6a's second step: S with this project's arithmetic, the proof compared in constant time, K given to the caller.
 * node-srp's proofs hash neither identity nor salt, so both stay empty.
 */
export class ServerChallenge extends SRPServerSessionStep1 {
  /** b. */
  readonly secret: bigint;
  readonly #routines: NodeSrpRoutines;
  readonly #verifier: bigint;

  constructor(routines: NodeSrpRoutines, verifier: bigint, b: bigint, B: bigint) {
    super(routines, '', 0n, verifier, b, B);
    this.secret = b;
    this.#routines = routines;
    this.#verifier = verifier;
  }

  override async sessionKey(A: bigint): Promise<bigint> {
    return this.#sessionKey(A, await this.#routines.computeU(A, this.B));
  }

  /** @throws {ClientProofWrong} */
  override async step2(A: bigint, M1: bigint): Promise<bigint> {
    const proof = await this.prove(this.#routines.pad(A), this.#routines.pad(this.B), toBytes(M1, proofBytes));
    if (proof === undefined) throw new ClientProofWrong();
    return toInteger(proof.M2);
  }

  /**
   * Step 2 on padded bytes, which is how values arrive and how they are hashed.
   * @returns undefined when the client's proof is wrong
   */
  async prove(A: Uint8Array, B: Uint8Array, M1: Uint8Array): Promise<SrpServerProof | undefined> {
    const S = this.#routines.pad(this.#sessionKey(toInteger(A), await this.#routines.scrambler(A, B)));
    const expected = await this.#routines.clientProof(A, B, S);
    if (!this.#routines.engine.equal(expected, M1)) return undefined;
    const K = await this.#routines.sharedKey(S);
    return { K, M2: await this.#routines.serverProof(A, M1, K) };
  }

  /** S = (A * v^u)^b. */
  #sessionKey(A: bigint, u: bigint): bigint {
    if (!this.#routines.isValidPublicValue(A)) throw new PublicValueOutOfRange('A');
    const { engine, group } = this.#routines;
    const masked = (A * engine.modPow(this.#verifier, u, group)) % group.N;
    return engine.modPow(masked, this.secret, group);
  }
}
