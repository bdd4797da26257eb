import { encodeHex } from '../../shared/crypto/hex.ts';

/** SHA-256 of bytes that come one after another. */
interface Digest {
  update(bytes: Uint8Array<ArrayBuffer>): void;
  end(): Promise<Uint8Array<ArrayBuffer>>;
}

interface NodeCrypto {
  createHash(algorithm: 'sha256'): { update(bytes: Uint8Array): unknown; digest(): Uint8Array };
}

/** As much of Node's `process` as is needed to ask for one of its modules without importing it: browsers have neither. */
interface Host {
  readonly process?: { getBuiltinModule?(name: 'node:crypto'): NodeCrypto | undefined };
}

/** Where the platform hashes piece by piece, it does. WebCrypto cannot: there the bytes are held until the end. */
export function createDigest(host: Host = globalThis as Host): Digest {
  const hash = host.process?.getBuiltinModule?.('node:crypto')?.createHash('sha256');
  if (hash !== undefined) {
    return { update: (bytes) => void hash.update(bytes), end: async () => Uint8Array.from(hash.digest()) };
  }
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  return {
    update: (bytes) => void pieces.push(bytes.slice()),
    end: async () => new Uint8Array(await crypto.subtle.digest('SHA-256', await new Blob(pieces).arrayBuffer())),
  };
}

/** Its end as 64 hex characters. */
export const hexOf = async (digest: Digest): Promise<string> => encodeHex(await digest.end());
