import { createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { createAesKey } from '../../../shared/crypto/aes-key.ts';
import {
  blobCipher,
  blobSeal,
  chunkDigest,
  openChunkBytes,
  sealedChunkBytes,
  sealedSize,
} from '../../../shared/crypto/blob.ts';
import { BlobTampered, HexInvalid } from '../../../shared/crypto/errors.ts';
import { encodeHex } from '../../../shared/crypto/hex.ts';

const place = { groupId: `grp_${'a'.repeat(32)}`, keyEpoch: 3 };
const key = await createAesKey();
const raw = Buffer.from(key.k, 'base64url');
const digest = (bytes: Uint8Array) => Uint8Array.from(createHash('sha256').update(bytes).digest());
const content = Uint8Array.from(randomBytes(1000));
const seal = await blobSeal(key, place, [digest(content)]);
const info = (purpose: string) => JSON.stringify([purpose, place.groupId, place.keyEpoch]);

describe('a blob', () => {
  it('has the seal and the chunks that node:crypto makes from the same words', async () => {
    const sealKey = hkdfSync('sha256', raw, Buffer.alloc(32), info('nightvault.blob.seal.1'), 32);
    expect(seal).toBe(createHmac('sha256', Buffer.from(sealKey)).update(digest(content)).digest('hex'));

    const cipher = await blobCipher(key, place, seal);
    const sealed = Buffer.from(await cipher.seal(content, 7, true));
    const blobKey = Buffer.from(hkdfSync('sha256', raw, Buffer.from(seal, 'hex'), info('nightvault.blob.1'), 32));
    const decipher = createDecipheriv('aes-256-gcm', blobKey, Buffer.from('000000000000000000000701', 'hex'));
    decipher.setAuthTag(sealed.subarray(-16));
    expect(Uint8Array.from(Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]))).toEqual(
      content,
    );
  });

  it('opens as what it was sealed as, and as nothing else', async () => {
    const cipher = await blobCipher(key, place, seal);
    const sealed = await cipher.seal(content, 1, false);
    expect(await cipher.open(sealed, 1, false)).toEqual(content);
    await expect(cipher.open(sealed, 0, false)).rejects.toThrow(BlobTampered);
    await expect(cipher.open(sealed, 1, true)).rejects.toThrow(BlobTampered);
    await expect(cipher.open(sealed.subarray(0, 20), 1, false)).rejects.toThrow(BlobTampered);
    await expect(
      cipher.open(
        sealed.map((byte, at) => (at === 5 ? byte ^ 1 : byte)),
        1,
        false,
      ),
    ).rejects.toMatchObject({
      code: 'BLOB_TAMPERED',
      message: 'The blob was changed, cut off, or is another one than the content refers to.',
    });
    for (const other of [
      await blobCipher(await createAesKey(), place, seal),
      await blobCipher(key, { ...place, keyEpoch: 4 }, seal),
      await blobCipher(key, { ...place, groupId: `grp_${'b'.repeat(32)}` }, seal),
      await blobCipher(key, place, encodeHex(digest(content))),
    ]) {
      await expect(other.open(sealed, 1, false)).rejects.toThrow(BlobTampered);
    }
  });

  it('has a seal of its own for each content, and says nothing of it without the key', async () => {
    expect(await blobSeal(key, place, [digest(content)])).toBe(seal);
    expect(await chunkDigest(content)).toEqual(digest(content));
    expect(await blobSeal(key, place, [digest(content), digest(content)])).not.toBe(seal);
    expect(await blobSeal(key, place, [digest(randomBytes(9))])).not.toBe(seal);
    expect(await blobSeal(await createAesKey(), place, [digest(content)])).not.toBe(seal);
    expect(await blobSeal(key, { ...place, keyEpoch: 4 }, [digest(content)])).not.toBe(seal);
    await expect(blobCipher(key, place, seal.toUpperCase())).rejects.toThrow(HexInvalid);
  });

  it.each([
    [0, 16],
    [1, 17],
    [openChunkBytes, sealedChunkBytes],
    [openChunkBytes + 1, sealedChunkBytes + 17],
    [2 * openChunkBytes, 2 * sealedChunkBytes],
  ])('of %i bytes is %i bytes long', (size, sealed) => {
    expect(sealedSize(size)).toBe(sealed);
  });
});
