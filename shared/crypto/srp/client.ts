import { type ProfileId, profiles } from '../../protocol/profiles.ts';
import { saltBytes } from '../derive-key.ts';
import { PublicValueOutOfRange, ServerProofWrong } from '../errors.ts';
import { decodeHex, encodeHex } from '../hex.ts';
import { normaliseEmail } from '../normalise.ts';
import type { SrpEngine } from './engine.ts';
import { type SrpGroup, srpGroups } from './groups.ts';
import { toBytes, toInteger } from './integers.ts';
import { NodeSrpRoutines } from './routines.ts';
import { SRPClientSession } from './tssrp6a.ts';
import { isValidPublicValue } from './values.ts';

/** Who logs in: what both sides of SRP call I and P. */
export interface SrpIdentity {
  readonly profile: ProfileId;
  /** Normalised here. */
  readonly email: string;
  /** `SEC_PWD_Auth`: 64 lower-case hex characters. */
  readonly authSecret: string;
}

/** The client's proof, and the check of the server's. */
export interface SrpClientProof {
  /** M1, 64 hex characters. */
  readonly srpM1: string;
  /**
   * Checks the server's proof M2. Only after that may the session be used.
   * @returns K, 64 hex characters: the session token
   * @throws {ServerProofWrong}
   */
  verify(srpM2: string): string;
}

/**
 * 320 bits more than u*x has would be wasted, 64 are enough: a of this length masks all of x in the exponent a + u*x.
 */
const clientSecretBytes = 72;
const secretBytes = 32;

/**
 * The verifier a new account registers: g^x, with x from address, secret and salt.
 * @returns hex, twice `publicValueBytes` of the profile
 * @throws {HexInvalid} on a secret or salt that is not 64 lower-case hex characters
 */
export async function createVerifier(
  { profile, email, authSecret, saltAuth }: SrpIdentity & { readonly saltAuth: string },
  engine: SrpEngine,
): Promise<string> {
  const routines = new NodeSrpRoutines(groupOf(profile), engine);
  const salt = toInteger(decodeHex(saltAuth, saltBytes));
  decodeHex(authSecret, secretBytes);
  const x = await routines.computeX(normaliseEmail(email), salt, authSecret);
  return encodeHex(routines.pad(routines.computeVerifier(x)));
}

/** The client's half of one handshake. Existing servers want A before they show B, so it has two steps. */
export class SrpClient {
  readonly #identity: SrpIdentity;
  readonly #routines: HandshakeRoutines;

  /** @throws {HexInvalid} on a secret that is not 64 lower-case hex characters */
  constructor(identity: SrpIdentity, engine: SrpEngine) {
    decodeHex(identity.authSecret, secretBytes);
    this.#identity = identity;
    this.#routines = new HandshakeRoutines(groupOf(identity.profile), engine);
  }

  /** The client's public value A as hex, the same at every call. */
  start(): { srpA: string } {
    return { srpA: encodeHex(this.#routines.pad(this.#routines.A)) };
  }

  /**
   * The proof for the server, from its salt and its public value.
   * @throws {HexInvalid} on values of another form or length
   * @throws {PublicValueOutOfRange} when B is outside 1..N-1
   * @throws {ScramblerZero} when A and B hash to zero
   */
  async finish({ saltAuth, srpB }: { readonly saltAuth: string; readonly srpB: string }): Promise<SrpClientProof> {
    const { engine, group } = this.#routines;
    const salt = toInteger(decodeHex(saltAuth, saltBytes));
    const B = decodeHex(srpB, group.bytes);
    if (!isValidPublicValue(group, B)) throw new PublicValueOutOfRange('B');

    const { email, authSecret } = this.#identity;
    const session = await new SRPClientSession(this.#routines).step1(normaliseEmail(email), authSecret);
    const { A, M1, S } = await session.step2(salt, toInteger(B));
    const K = await this.#routines.sharedKey(this.#routines.pad(S));
    const proof = toBytes(M1, K.length);
    const M2 = await this.#routines.serverProof(this.#routines.pad(A), proof, K);
    return {
      srpM1: encodeHex(proof),
      verify(srpM2) {
        if (!engine.equal(M2, decodeHex(srpM2, M2.length))) throw new ServerProofWrong();
        return encodeHex(K);
      },
    };
  }
}

/** tssrp6a draws a and makes A in the step that already needs B; here both exist from the start. */
class HandshakeRoutines extends NodeSrpRoutines {
  readonly A: bigint;
  readonly #a: bigint;

  constructor(group: SrpGroup, engine: SrpEngine) {
    super(group, engine);
    this.#a = toInteger(engine.randomBytes(clientSecretBytes));
    this.A = super.computeClientPublicValue(this.#a);
  }

  override generatePrivateValue(): bigint {
    return this.#a;
  }

  override computeClientPublicValue(): bigint {
    return this.A;
  }
}

function groupOf(profile: ProfileId): SrpGroup {
  return srpGroups[profiles[profile].groupBits];
}
