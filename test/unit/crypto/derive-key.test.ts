import { readFileSync } from 'node:fs';
import { bindSalt, createSalt, deriveKey } from '../../../shared/crypto/derive-key.ts';
import { encodeHex } from '../../../shared/crypto/hex.ts';
import { normaliseEmail, normalisePassphrase } from '../../../shared/crypto/normalise.ts';
import { defaultProfile, kdfFloor, profiles } from '../../../shared/protocol/profiles.ts';

const vectors = JSON.parse(readFileSync('test/vectors/insomnia-account.json', 'utf8'));
const { email, passphrase, saltKey, saltEnc } = vectors;
const { iterations } = profiles[defaultProfile];

describe('the keys of existing clients', () => {
  it.each([
    ['saltKey', saltKey, vectors.hkdf_saltKey_email],
    ['saltEnc', saltEnc, vectors.hkdf_saltEnc_email],
  ])('bind %s to the address by HKDF', async (_, salt, expected) => {
    expect(encodeHex(await bindSalt(salt, email))).toBe(expected);
  });

  it.each([
    ['SEC_PWD_Auth', passphrase, saltKey],
    ['SEC_PWD_Enc', passphrase, saltEnc],
    ['SEC_PWD_Auth_nonAscii', vectors.passphraseNonAscii_raw, saltKey],
  ])('derive %s', async (name, secret, salt) => {
    expect(await deriveKey(secret, email, salt, iterations)).toBe(vectors[name]);
  });

  it('are the same for what a person types differently', async () => {
    const typed = deriveKey(`  ${passphrase}\n`, ` ${email.toUpperCase()} `, saltKey, iterations);
    expect(await typed).toBe(vectors.SEC_PWD_Auth);
    const normalised = deriveKey(vectors.passphraseNonAscii_normalised, email, saltKey, iterations);
    expect(await normalised).toBe(vectors.SEC_PWD_Auth_nonAscii);
  });

  it('depend on the passphrase, the address, the salt and the iterations', async () => {
    const others = await Promise.all([
      deriveKey(`${passphrase}.`, email, saltKey, iterations),
      deriveKey(passphrase, 'bob@example.com', saltKey, iterations),
      deriveKey(passphrase, email, saltEnc, iterations),
      deriveKey(passphrase, email, saltKey, iterations + 1),
    ]);
    expect(new Set([...others, vectors.SEC_PWD_Auth]).size).toBe(5);
  });
});

describe('normalisation', () => {
  it('trims and lower-cases an address', () => {
    expect(normaliseEmail('  Jane@Example.COM\t')).toBe('jane@example.com');
  });

  it('trims a passphrase and brings it to NFKD', () => {
    expect(normalisePassphrase(` ${vectors.passphraseNonAscii_raw} `)).toBe(
      vectors.passphraseNonAscii_normalised.normalize('NFKD'),
    );
    expect(normalisePassphrase('\u00e9\ufb01')).toBe('e\u0301fi');
  });
});

describe('a key derivation', () => {
  it.each([99_999, 1, 0, -1, Number.NaN])('refuses %d iterations', async (weak) => {
    await expect(deriveKey(passphrase, email, saltKey, weak)).rejects.toMatchObject({
      code: 'KDF_BELOW_FLOOR',
      message: `Refusing to derive a key with ${weak} iterations: the floor is 100000.`,
    });
  });

  it.each([
    ['upper case', saltKey.toUpperCase()],
    ['a short salt', saltKey.slice(2)],
    ['no hex', 'zz'.repeat(32)],
    ['nothing', ''],
  ])('refuses a salt that is %s', async (_, salt) => {
    await expect(deriveKey(passphrase, email, salt, iterations)).rejects.toMatchObject({
      code: 'HEX_INVALID',
      message: 'Expected exactly 64 lower-case hex characters.',
    });
  });

  it.each([
    ['passphrase', 'pass\ud800', email],
    ['address', passphrase, 'jane\udfff@example.com'],
  ])('refuses half of a surrogate pair in the %s', async (_, secret, address) => {
    await expect(deriveKey(secret, address, saltKey, iterations)).rejects.toMatchObject({
      code: 'TEXT_NOT_WELL_FORMED',
      message: 'The text holds an unpaired surrogate and cannot be encoded.',
    });
  });
});

describe('profiles', () => {
  it('are all at or above the floor, and name their own parameters', () => {
    for (const [id, profile] of Object.entries(profiles)) {
      expect(profile.iterations).toBeGreaterThanOrEqual(kdfFloor.iterations);
      expect(profile.groupBits).toBeGreaterThanOrEqual(kdfFloor.groupBits);
      expect(profile.publicValueBytes * 8).toBe(profile.groupBits);
      expect(id).toBe(`srp6a-${profile.groupBits}-sha256+pbkdf2-sha256-${profile.iterations}`);
      expect(profile.id).toBe(id);
    }
  });
});

it('a salt is 64 hex characters, another each time', () => {
  expect(createSalt()).toMatch(/^[0-9a-f]{64}$/);
  expect(createSalt()).not.toBe(createSalt());
});
