/** What every refusal of this folder has in common: a `code` that programs may compare, a message that people may read. */
export abstract class CryptoError extends Error {
  abstract readonly code: string;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** A text is not hex in lower case, or not of the length its field has. */
export class HexInvalid extends CryptoError {
  static readonly code = 'HEX_INVALID';
  readonly code = HexInvalid.code;
  /** @param length expected number of bytes; undefined where any whole number of bytes would do */
  constructor(length?: number) {
    super(
      length === undefined ? 'Expected lower-case hex.' : `Expected exactly ${length * 2} lower-case hex characters.`,
    );
  }
}

/** A text holds half of a surrogate pair, so it has no UTF-8 form. */
export class TextNotWellFormed extends CryptoError {
  static readonly code = 'TEXT_NOT_WELL_FORMED';
  readonly code = TextNotWellFormed.code;
  constructor() {
    super('The text holds an unpaired surrogate and cannot be encoded.');
  }
}

/** Something is not an AES message `{iv,t,d,ad}` of hex strings. */
export class MessageMalformed extends CryptoError {
  static readonly code = 'MESSAGE_MALFORMED';
  readonly code = MessageMalformed.code;
  constructor() {
    super('This is not an encrypted message: it needs iv, t, d and ad in lower-case hex.');
  }
}

/** A message does not open: another key made it, or somebody changed it. GCM cannot tell the two apart. */
export class MessageTampered extends CryptoError {
  static readonly code = 'MESSAGE_TAMPERED';
  readonly code = MessageTampered.code;
  constructor() {
    super('The message was changed or was encrypted with another key.');
  }
}

/** A message is bound to another place than the one it was found in. */
export class MessageMisplaced extends CryptoError {
  static readonly code = 'MESSAGE_MISPLACED';
  readonly code = MessageMisplaced.code;
  constructor() {
    super('The message belongs to another place: its associated data is not the expected one.');
  }
}

/** A chunk of a blob does not open: it was changed, cut off, or belongs to another blob or another place in this one. */
export class BlobTampered extends CryptoError {
  static readonly code = 'BLOB_TAMPERED';
  readonly code = BlobTampered.code;
  constructor() {
    super('The blob was changed, cut off, or is another one than the content refers to.');
  }
}

/** Something is not a key of the kind, size and algorithm that this program uses. */
export class KeyMalformed extends CryptoError {
  static readonly code = 'KEY_MALFORMED';
  readonly code = KeyMalformed.code;
  /** @param expected what should have been there, as a noun phrase */
  constructor(expected: string) {
    super(`Expected ${expected}.`);
  }
}

/** A wrapped group key does not open with this private key. */
export class KeyUnwrapFailed extends CryptoError {
  static readonly code = 'KEY_UNWRAP_FAILED';
  readonly code = KeyUnwrapFailed.code;
  constructor() {
    super('The group key was wrapped for another account or was changed.');
  }
}

/** The public key a server shows for an account is not the one that belongs to its private key. */
export class KeyPairMismatched extends CryptoError {
  static readonly code = 'KEY_PAIR_MISMATCHED';
  readonly code = KeyPairMismatched.code;
  constructor() {
    super('The public key does not belong to the private key of this account.');
  }
}

/** A server asked for a cheaper key derivation than the floor allows. */
export class KdfBelowFloor extends CryptoError {
  static readonly code = 'KDF_BELOW_FLOOR';
  readonly code = KdfBelowFloor.code;
  /** @param iterations what was asked for @param floor the least that is accepted */
  constructor(iterations: number, floor: number) {
    super(`Refusing to derive a key with ${iterations} iterations: the floor is ${floor}.`);
  }
}

/** A or B is outside 1..N-1. With such a value anybody could log in without the passphrase. */
export class PublicValueOutOfRange extends CryptoError {
  static readonly code = 'SRP_PUBLIC_VALUE_OUT_OF_RANGE';
  readonly code = PublicValueOutOfRange.code;
  /** @param value which of the two public values */
  constructor(value: 'A' | 'B') {
    super(`The public value ${value} is outside 1..N-1.`);
  }
}

/** u = H(A, B) is zero, which would leave the verifier out of the session key. */
export class ScramblerZero extends CryptoError {
  static readonly code = 'SRP_SCRAMBLER_ZERO';
  readonly code = ScramblerZero.code;
  constructor() {
    super('The scrambling value u is zero.');
  }
}

/** M1 is wrong: the client does not know the passphrase. */
export class ClientProofWrong extends CryptoError {
  static readonly code = 'SRP_CLIENT_PROOF_WRONG';
  readonly code = ClientProofWrong.code;
  constructor() {
    super('The client did not prove that it knows the passphrase.');
  }
}

/** M2 is wrong: the server does not hold this account's verifier and must not be trusted. */
export class ServerProofWrong extends CryptoError {
  static readonly code = 'SRP_SERVER_PROOF_WRONG';
  readonly code = ServerProofWrong.code;
  constructor() {
    super('The server did not prove that it knows this account. Do not use the session.');
  }
}
