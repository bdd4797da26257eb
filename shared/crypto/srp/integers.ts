/** The non-negative integer that big-endian bytes spell; no bytes are 0. */
export function toInteger(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const head = bytes.length % 8;
  let integer = 0n;
  for (let at = 0; at < head; at++) integer = (integer << 8n) | BigInt(view.getUint8(at));
  for (let at = head; at < bytes.length; at += 8) integer = (integer << 64n) | view.getBigUint64(at);
  return integer;
}

/**
 * A non-negative integer as exactly `length` big-endian bytes: what the SRP documents call PAD.
 * @throws {RangeError} when it does not fit
 */
export function toBytes(integer: bigint, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  const head = length % 8;
  let rest = integer;
  for (let at = length - 8; at >= head; at -= 8) {
    view.setBigUint64(at, rest);
    rest >>= 64n;
  }
  for (let at = head - 1; at >= 0; at--) {
    view.setUint8(at, Number(rest & 255n));
    rest >>= 8n;
  }
  if (rest !== 0n) throw new RangeError(`The integer has more than ${length} bytes.`);
  return bytes;
}
