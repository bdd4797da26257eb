import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { createAesKey, parseAesKey } from '../../../shared/crypto/aes-key.ts';
import { decodeHex, encodeHex } from '../../../shared/crypto/hex.ts';
import { decryptMessage, encryptMessage, parseMessage, resourceAd, seal } from '../../../shared/crypto/message.ts';

const { aesMessage } = JSON.parse(readFileSync('test/vectors/insomnia-account.json', 'utf8'));
const key = aesMessage.keyHex;

const tampered = {
  code: 'MESSAGE_TAMPERED',
  message: 'The message was changed or was encrypted with another key.',
};
const misplaced = {
  code: 'MESSAGE_MISPLACED',
  message: 'The message belongs to another place: its associated data is not the expected one.',
};
const malformed = {
  code: 'MESSAGE_MALFORMED',
  message: 'This is not an encrypted message: it needs iv, t, d and ad in lower-case hex.',
};
const flip = (hex: string) => hex.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));

describe('the message of existing clients', () => {
  it('is what we write with its nonce', async () => {
    expect(await seal(key, aesMessage.plaintext, decodeHex(aesMessage.message.iv), '')).toEqual(aesMessage.message);
  });

  it('opens', async () => {
    expect(await decryptMessage(key, aesMessage.message)).toBe(aesMessage.plaintext);
    expect(encodeURIComponent(aesMessage.plaintext)).toBe(aesMessage.uriEncoded);
  });

  it('opens from JSON, whatever the order of its members', async () => {
    const { iv, t, d, ad } = aesMessage.message;
    expect(await decryptMessage(key, parseMessage(JSON.stringify({ iv, t, ad, d })))).toBe(aesMessage.plaintext);
  });
});

describe('a message', () => {
  it('comes back for any text, key and associated data', async () => {
    const secret = await createAesKey();
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(text, text, async (plaintext, ad) => {
        const message = parseMessage(JSON.stringify(await encryptMessage(secret, plaintext, ad)));
        expect(message.ad).toBe(encodeHex(new TextEncoder().encode(ad)));
        expect(await decryptMessage(secret, message, { expectedAd: ad })).toBe(plaintext);
      }),
    );
  });

  it('has the form of the wire, in its order, and another nonce each time', async () => {
    const [one, two] = [await encryptMessage(key, 'x'), await encryptMessage(key, 'x')];
    expect(JSON.stringify(one)).toMatch(/^\{"iv":"[0-9a-f]{24}","t":"[0-9a-f]{32}","d":"[0-9a-f]{2}","ad":""\}$/);
    expect(one.iv).not.toBe(two.iv);
  });

  it('is under what a key object holds now, whatever it held before, and under equal ones alike', async () => {
    const [one, two] = [await createAesKey(), await createAesKey()];
    const object = { ...one };
    const message = await encryptMessage(object, 'x');
    expect(await decryptMessage(object, message)).toBe('x');
    expect(await decryptMessage({ ...one }, message)).toBe('x');
    Object.assign(object, two);
    await expect(decryptMessage(object, message)).rejects.toMatchObject(tampered);
    expect(await decryptMessage(two, await encryptMessage(object, 'y'))).toBe('y');
    Object.assign(object, { k: 'short' });
    await expect(encryptMessage(object, 'z')).rejects.toMatchObject({ code: 'KEY_MALFORMED' });
  });

  it('opens with the same key as hex and as a JSON Web Key', async () => {
    const jwk = parseAesKey(JSON.stringify({ kty: 'oct', k: Buffer.from(key, 'hex').toString('base64url') }));
    expect(await decryptMessage(jwk, await encryptMessage(key, 'one key, two forms'))).toBe('one key, two forms');
  });

  it('does not open when any part of it was changed', async () => {
    const message = await encryptMessage(key, 'the balance is 100', 'place');
    for (const part of ['iv', 't', 'd'] as const) {
      const changed = { ...message, [part]: flip(message[part]) };
      await expect(decryptMessage(key, changed, { expectedAd: 'place' })).rejects.toMatchObject(tampered);
    }
    const shorter = { ...message, d: message.d.slice(2) };
    await expect(decryptMessage(key, shorter, { expectedAd: 'place' })).rejects.toMatchObject(tampered);
    const moved = { ...message, ad: encodeHex(new TextEncoder().encode('elsewhere')) };
    await expect(decryptMessage(key, moved, { expectedAd: 'elsewhere' })).rejects.toMatchObject(tampered);
  });

  it('does not open with another key', async () => {
    const message = await encryptMessage(key, 'secret');
    await expect(decryptMessage(flip(key), message)).rejects.toMatchObject(tampered);
  });

  it('does not open where it does not belong', async () => {
    const bound = await encryptMessage(key, 'content', resourceAd('grp_1', 'req_1', 1));
    for (const expectedAd of [
      resourceAd('grp_1', 'req_2', 1),
      resourceAd('grp_2', 'req_1', 1),
      resourceAd('grp_1', 'req_1', 2),
    ]) {
      await expect(decryptMessage(key, bound, { expectedAd })).rejects.toMatchObject(misplaced);
    }
    await expect(decryptMessage(key, bound)).rejects.toMatchObject(misplaced);
    const free = await encryptMessage(key, 'content');
    await expect(decryptMessage(key, free, { expectedAd: 'place' })).rejects.toMatchObject(misplaced);
  });

  it('does not open to what is not URI-encoded', async () => {
    const iv = new Uint8Array(12);
    const secret = await crypto.subtle.importKey('raw', decodeHex(key), 'AES-GCM', false, ['encrypt']);
    const sealed = encodeHex(
      new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, secret, new TextEncoder().encode('100%'))),
    );
    const message = { iv: encodeHex(iv), d: sealed.slice(0, -32), t: sealed.slice(-32), ad: '' };
    await expect(decryptMessage(key, message)).rejects.toMatchObject(tampered);
  });

  it.each([
    ['no JSON', 'iv'],
    ['no object', '"abc"'],
    ['null', 'null'],
    ['a missing member', JSON.stringify({ iv: '00'.repeat(12), t: '00'.repeat(16), d: '' })],
    ['a number', JSON.stringify({ iv: '00'.repeat(12), t: '00'.repeat(16), d: 1, ad: '' })],
    ['a short nonce', JSON.stringify({ iv: '00'.repeat(11), t: '00'.repeat(16), d: '', ad: '' })],
    ['a short tag', JSON.stringify({ iv: '00'.repeat(12), t: '00'.repeat(12), d: '', ad: '' })],
    ['upper case', JSON.stringify({ iv: 'AB'.repeat(12), t: '00'.repeat(16), d: '', ad: '' })],
    ['half a byte', JSON.stringify({ iv: '00'.repeat(12), t: '00'.repeat(16), d: 'abc', ad: '' })],
  ])('is not %s', (_, json) => {
    expect(() => parseMessage(json)).toThrow(expect.objectContaining(malformed));
  });

  it('is checked again when it is opened', async () => {
    const message = await encryptMessage(key, 'x');
    await expect(decryptMessage(key, { ...message, t: '00' })).rejects.toMatchObject(malformed);
  });

  it('is not made of half a surrogate pair', async () => {
    const error = {
      code: 'TEXT_NOT_WELL_FORMED',
      message: 'The text holds an unpaired surrogate and cannot be encoded.',
    };
    await expect(encryptMessage(key, '\ud800')).rejects.toMatchObject(error);
    await expect(encryptMessage(key, 'x', '\udc00')).rejects.toMatchObject(error);
  });
});

describe('the associated data of a resource', () => {
  it('has one spelling, which existing messages depend on', () => {
    expect(resourceAd('grp_1', 'req_1', 3)).toBe('["nightvault.resource.1","grp_1","req_1",3]');
  });

  it('is different for different places', () => {
    const place = fc.tuple(fc.string(), fc.string(), fc.nat());
    fc.assert(
      fc.property(place, place, (one, two) => {
        expect(resourceAd(...one) === resourceAd(...two)).toBe(JSON.stringify(one) === JSON.stringify(two));
      }),
    );
  });
});

describe('an AES key', () => {
  it.each([
    ['no JSON', '{'],
    ['another kind', JSON.stringify({ kty: 'RSA', k: 'A'.repeat(43) })],
    ['16 bytes', JSON.stringify({ kty: 'oct', k: 'A'.repeat(22) })],
    ['no base64url', JSON.stringify({ kty: 'oct', k: '+'.repeat(43) })],
    ['bits beyond the 32 bytes', JSON.stringify({ kty: 'oct', k: 'B'.repeat(43) })],
  ])('is not %s', (_, json) => {
    expect(() => parseAesKey(json)).toThrow(
      expect.objectContaining({
        code: 'KEY_MALFORMED',
        message: 'Expected an AES-256 key (a JSON Web Key of kty "oct" with 32 bytes).',
      }),
    );
  });

  it('as hex has exactly 64 characters', async () => {
    await expect(encryptMessage('ab'.repeat(16), 'x')).rejects.toMatchObject({
      code: 'HEX_INVALID',
      message: 'Expected exactly 64 lower-case hex characters.',
    });
  });
});
