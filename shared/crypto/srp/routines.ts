import { saltBytes } from '../derive-key.ts';
import { PublicValueOutOfRange, ScramblerZero } from '../errors.ts';
import { decodeHex } from '../hex.ts';
import type { SrpEngine } from './engine.ts';
import type { SrpGroup } from './groups.ts';
import { toBytes, toInteger } from './integers.ts';
import { SRPParameters, SRPRoutines } from './tssrp6a.ts';

/** Length of the mask that keeps x out of an exponent: 64 bits more than x has. */
const maskBytes = 40;
const text = new TextEncoder();

/**
 * SRP-6a (RFC 5054) with the proofs of Mozilla's node-srp, on tssrp6a. Its own routines differ from those: they leave
 * the user name out of x, hash integers without padding (about 2 % of all logins would fail) and have no K.
 *
 * - x = H(s | H(I ":" P)), k = H(PAD(N) | PAD(g)), u = H(PAD(A) | PAD(B))
 * - K = H(PAD(S)), M1 = H(PAD(A) | PAD(B) | PAD(S)), M2 = H(PAD(A) | M1 | K)
 */
export class NodeSrpRoutines extends SRPRoutines {
  readonly group: SrpGroup;
  readonly engine: SrpEngine;
  readonly #saltLength: number;
  #k: bigint | undefined;

  /** @param saltLength length of s in bytes; its leading zeros are hashed */
  constructor(group: SrpGroup, engine: SrpEngine, saltLength = saltBytes) {
    super(new SRPParameters(group, async (data) => detached(await engine.sha256(new Uint8Array(data)))));
    this.group = group;
    this.engine = engine;
    this.#saltLength = saltLength;
  }

  /** PAD: an integer as bytes of the length of N. */
  pad(integer: bigint): Uint8Array<ArrayBuffer> {
    return toBytes(integer, this.group.bytes);
  }

  /**
   * u from padded A and B.
   * @throws {ScramblerZero}
   */
  async scrambler(A: Uint8Array, B: Uint8Array): Promise<bigint> {
    const u = toInteger(await this.engine.sha256(A, B));
    if (u === 0n) throw new ScramblerZero();
    return u;
  }

  /** K, the key both sides share, from padded S. */
  async sharedKey(S: Uint8Array): Promise<Uint8Array> {
    return this.engine.sha256(S);
  }

  /** M1 from padded values. */
  async clientProof(A: Uint8Array, B: Uint8Array, S: Uint8Array): Promise<Uint8Array> {
    return this.engine.sha256(A, B, S);
  }

  /** M2 from padded A, M1 and K. */
  async serverProof(A: Uint8Array, M1: Uint8Array, K: Uint8Array): Promise<Uint8Array> {
    return this.engine.sha256(A, M1, K);
  }

  override async computeK(): Promise<bigint> {
    this.#k ??= toInteger(await this.engine.sha256(this.pad(this.group.N), this.pad(this.group.g)));
    return this.#k;
  }

  /** @param P the password's bytes as hex: `SEC_PWD_Auth` */
  override async computeIdentityHash(I: string, P: string): Promise<ArrayBuffer> {
    return detached(await this.engine.sha256(text.encode(`${I}:`), decodeHex(P)));
  }

  override async computeX(I: string, s: bigint, P: string): Promise<bigint> {
    return this.computeXStep2(s, await this.computeIdentityHash(I, P));
  }

  override async computeXStep2(s: bigint, identityHash: ArrayBuffer): Promise<bigint> {
    return toInteger(await this.engine.sha256(toBytes(s, this.#saltLength), new Uint8Array(identityHash)));
  }

  override computeVerifier(x: bigint): bigint {
    return this.#maskedPower(x);
  }

  override computeClientPublicValue(a: bigint): bigint {
    return this.engine.modPow(this.group.g, a, this.group);
  }

  /** A fresh b, as long as the group wants it. */
  override generatePrivateValue(): bigint {
    return toInteger(this.engine.randomBytes(this.group.serverSecretBytes));
  }

  override isValidPublicValue(value: bigint): boolean {
    return value > 0n && value < this.group.N;
  }

  override async computeU(A: bigint, B: bigint): Promise<bigint> {
    return this.scrambler(this.pad(A), this.pad(B));
  }

  override computeClientSessionKey(k: bigint, x: bigint, u: bigint, a: bigint, B: bigint): bigint {
    if (!this.isValidPublicValue(B)) throw new PublicValueOutOfRange('B');
    const { N } = this.group;
    const base = (((B - k * this.#maskedPower(x)) % N) + N) % N;
    return this.engine.modPow(base, a + u * x, this.group);
  }

  override async computeClientEvidence(_I: string, _s: bigint, A: bigint, B: bigint, S: bigint): Promise<bigint> {
    return toInteger(await this.clientProof(this.pad(A), this.pad(B), this.pad(S)));
  }

  override async computeServerEvidence(A: bigint, M1: bigint, S: bigint): Promise<bigint> {
    const K = await this.sharedKey(this.pad(S));
    return toInteger(await this.serverProof(this.pad(A), toBytes(M1, K.length), K));
  }

  /**
   * g^x as g^(x+r) * (1/g)^r with a fresh r. x lasts as long as the passphrase, and an observed exponentiation of it
   * would let an attacker test guesses offline (PARASITE, CCS 2021); x+r and r on their own say nothing about it.
   */
  #maskedPower(x: bigint): bigint {
    const { engine, group } = this;
    const r = toInteger(engine.randomBytes(maskBytes));
    return (engine.modPow(group.g, x + r, group) * engine.modPow(inverseOfGenerator(group), r, group)) % group.N;
  }
}

/** 1/g mod N, for a generator so small that trying every multiple of N is quickest. */
function inverseOfGenerator({ N, g }: SrpGroup): bigint {
  let multiple = N + 1n;
  while (multiple % g !== 0n) multiple += N;
  return multiple / g;
}

function detached(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
