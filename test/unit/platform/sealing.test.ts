import { randomBytes } from 'node:crypto';
import { sealer } from '../../../shared/platform/sealing.ts';
import { cachedSecrets, type Secret } from '../../../shared/platform/secrets.ts';

/** Versions 1..n of one key, as Secret Manager keeps them. */
function keyring() {
  const versions: Secret[] = [];
  let lookUps = 0;
  let now = 0;
  const rotate = () => versions.push({ version: String(versions.length + 1), bytes: randomBytes(32) });
  const access = async (_name: string, version: string) => {
    lookUps += 1;
    return version === 'latest' ? versions.at(-1) : versions.find((each) => each.version === version);
  };
  rotate();
  return {
    rotate,
    sealer: sealer(cachedSecrets(access, { now: () => now })),
    later: () => {
      now += 5 * 60_000;
    },
    lookUps: () => lookUps,
  };
}

const text = new TextEncoder().encode('verifier');

describe('sealer', () => {
  it('opens what it sealed, for the same purpose and place only', async () => {
    const { sealer } = keyring();
    const sealed = await sealer.seal('verifier-key', 'srp verifier', 'acct_1', text);
    await expect(sealer.open('verifier-key', 'srp verifier', 'acct_1', sealed)).resolves.toEqual(Buffer.from(text));
    await expect(sealer.open('verifier-key', 'srp verifier', 'acct_2', sealed)).resolves.toBeUndefined();
    await expect(sealer.open('verifier-key', 'mail values', 'acct_1', sealed)).resolves.toBeUndefined();
  });

  it('seals differently every time and shows nothing of the text', async () => {
    const { sealer } = keyring();
    const [one, two] = await Promise.all([1, 2].map(() => sealer.seal('mail-key', 'p', '', text)));
    expect(one).not.toBe(two);
    expect(Buffer.from(one?.split('.')[1] ?? '', 'base64url').includes(Buffer.from(text))).toBe(false);
  });

  it('hashes the same for ever, also after a rotation, and differently for another purpose, text or key', async () => {
    const { sealer, rotate, later } = keyring();
    const hash = await sealer.hash('analytics-id-key', 'device', 'a');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    rotate();
    later();
    await expect(sealer.hash('analytics-id-key', 'device', 'a')).resolves.toBe(hash);
    await expect(sealer.hash('analytics-id-key', 'account', 'a')).resolves.not.toBe(hash);
    await expect(sealer.hash('analytics-id-key', 'device', 'b')).resolves.not.toBe(hash);
    await expect(keyring().sealer.hash('analytics-id-key', 'device', 'a')).resolves.not.toBe(hash);
  });

  it('refuses every text with one character changed', async () => {
    const { sealer } = keyring();
    const sealed = await sealer.seal('state-key', 'p', '', text);
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
      // The last base64url character may carry unused bits: then the bytes, and the text, are the same.
      if (
        Buffer.from(changed.split('.')[1] ?? '', 'base64url').equals(
          Buffer.from(sealed.split('.')[1] ?? '', 'base64url'),
        )
      )
        continue;
      await expect(sealer.open('state-key', 'p', '', changed)).resolves.toBeUndefined();
    }
  });

  it.each(['', '.', '1', '1.', '1.AAAA', '0.AAAA', '-1.AAAA', '1e3.AAAA', '99.AAAA'])(
    'opens nothing from %j',
    async (nonsense) => {
      const { sealer } = keyring();
      await expect(sealer.open('state-key', 'p', '', nonsense)).resolves.toBeUndefined();
      await expect(sealer.verify('state-key', 'p', nonsense)).resolves.toBeUndefined();
    },
  );

  it('seals under the newest version after a rotation and still opens the old', async () => {
    const { sealer, rotate, later } = keyring();
    const old = await sealer.seal('verifier-key', 'p', '', text);
    rotate();
    later();
    const fresh = await sealer.seal('verifier-key', 'p', '', text);
    expect([old, fresh].map((sealed) => sealed.split('.')[0])).toEqual(['1', '2']);
    await expect(sealer.open('verifier-key', 'p', '', old)).resolves.toEqual(Buffer.from(text));
  });

  it('asks for no version it never had, whatever a caller sends', async () => {
    const { sealer, lookUps } = keyring();
    await sealer.seal('state-key', 'p', '', text);
    const before = lookUps();
    for (let version = 2; version < 50; version += 1)
      await sealer.open('state-key', 'p', '', `${version}.${'A'.repeat(80)}`);
    expect(lookUps()).toBe(before);
  });

  it('signs text that stays readable and cannot be changed', async () => {
    const { sealer } = keyring();
    const signed = await sealer.sign('state-key', 'cursor', 'a.b');
    expect(signed.endsWith('.a.b')).toBe(true);
    await expect(sealer.verify('state-key', 'cursor', signed)).resolves.toBe('a.b');
    await expect(sealer.verify('state-key', 'cursor', `${signed}c`)).resolves.toBeUndefined();
    await expect(sealer.verify('state-key', 'other', signed)).resolves.toBeUndefined();
  });

  it('derives the same bytes for ever, rotation or not', async () => {
    const { sealer, rotate, later } = keyring();
    const before = await sealer.derive('salt-key', 'decoy', 'jane', 32);
    rotate();
    later();
    await expect(sealer.derive('salt-key', 'decoy', 'jane', 32)).resolves.toEqual(before);
    await expect(sealer.derive('salt-key', 'decoy', 'bob', 32)).resolves.not.toEqual(before);
  });
});

describe('cachedSecrets', () => {
  it('asks once in five minutes, and again after a failure', async () => {
    let calls = 0;
    let now = 0;
    const access = async () => {
      calls += 1;
      if (calls === 1) throw new Error('no network');
      return { version: '1', bytes: new Uint8Array(32) };
    };
    const secrets = cachedSecrets(access, { now: () => now });
    await expect(secrets.current('mail-key')).rejects.toThrow('no network');
    await secrets.current('mail-key');
    await secrets.current('mail-key');
    expect(calls).toBe(2);
    now += 5 * 60_000;
    await secrets.current('mail-key');
    expect(calls).toBe(3);
  });

  it('says which secret is missing', async () => {
    const secrets = cachedSecrets(async () => undefined, { now: () => 0 });
    await expect(secrets.current('mail-key')).rejects.toMatchObject({
      code: 'SECRET_UNAVAILABLE',
      message: 'The secret mail-key cannot be read: does it exist, and may this service account access it?',
    });
  });
});
