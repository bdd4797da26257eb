/** npm srp-js 0.2.1, the library of the protocol's first clients: only what the tests use. */
declare module 'srp-js' {
  interface Integer {
    toString(radix: number): string;
    powm(exponent: Integer, modulus: Integer): Integer;
  }
  interface Parameters {
    readonly N_length_bits: number;
    readonly N: Integer;
    readonly hash: string;
  }
  interface Secrets {
    readonly S_buf: Buffer;
  }
  class Client {
    constructor(parameters: Parameters, salt: Buffer, identity: Buffer, password: Buffer, secret: Buffer);
    readonly _private: Secrets;
    computeA(): Buffer;
    setB(B: Buffer): void;
    computeM1(): Buffer;
    checkM2(M2: Buffer): void;
    computeK(): Buffer;
  }
  class Server {
    constructor(parameters: Parameters, verifier: Buffer, secret: Buffer);
    readonly _private: Secrets;
    computeB(): Buffer;
    setA(A: Buffer): void;
    checkM1(M1: Buffer): Buffer;
    computeK(): Buffer;
  }
  function computeVerifier(parameters: Parameters, salt: Buffer, identity: Buffer, password: Buffer): Buffer;
  const srp: {
    readonly params: Readonly<Record<2048 | 3072, Parameters>>;
    readonly Client: typeof Client;
    readonly Server: typeof Server;
    readonly computeVerifier: typeof computeVerifier;
  };
  export = srp;
}

/** npm @getinsomnia/srp-js 1.0.0-alpha.1: its own declarations cannot be read by an ES module. */
declare module '@getinsomnia/srp-js' {
  interface Parameters {
    readonly N_length_bits: number;
    readonly hash: string;
  }
  interface Message {
    readonly iv: string;
    readonly t: string;
    readonly d: string;
    readonly ad: string;
  }
  export const params: Readonly<Record<string, Parameters>>;
  export class Client {
    constructor(parameters: Parameters, salt: Buffer, identity: Buffer, password: Buffer, secret: Buffer);
    computeA(): Buffer;
    setB(B: Buffer): void;
    computeM1(): Buffer;
    checkM2(M2: Buffer): void;
    computeK(): Buffer;
  }
  export class Server {
    constructor(parameters: Parameters, verifier: Buffer, secret: Buffer);
    computeB(): Buffer;
    setA(A: Buffer): void;
    checkM1(M1: Buffer): Buffer | undefined;
    computeK(): Buffer;
  }
  export function computeVerifier(parameters: Parameters, salt: Buffer, identity: Buffer, password: Buffer): Buffer;
  export function genKey(bytes: number): Promise<Buffer>;
  export function deriveKey(passphrase: string, email: string, salt: string): Promise<string>;
  export function encryptAES(key: string | object, plaintext: string, additionalData?: string): Message;
  export function decryptAES(key: string | object, message: Message): string;
  export function encryptRSAWithJWK(publicKey: object, plaintext: string): string;
  export function decryptRSAWithJWK(privateKey: object, encrypted: string): string;
  export function generateAES256Key(): Promise<object>;
  export function generateKeyPairJWK(): Promise<{ readonly publicKey: object; readonly privateKey: object }>;
}
