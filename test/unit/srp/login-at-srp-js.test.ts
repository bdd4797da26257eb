import { loginAtPeer } from './peers.ts';
import { lendArithmetic, srpJs } from './srp-js.ts';

const profile = 'srp6a-2048-sha256+pbkdf2-sha256-100000';

// Libraries that forget to pad fail in about 1 of 50 handshakes, or 1 of 250 where only the salt is concerned.
describe('a server of srp-js', () => {
  it('lets us in 50 times, with equal keys', async () => {
    for (let round = 0; round < 50; round++) {
      const [ours, theirs] = await loginAtPeer(srpJs(2048), profile);
      expect(ours).toBe(theirs);
    }
  }, 120_000);

  it('lets us in 5 times with the hardened profile', async () => {
    for (let round = 0; round < 5; round++) {
      const [ours, theirs] = await loginAtPeer(srpJs(3072), 'srp6a-3072-sha256+pbkdf2-sha256-600000');
      expect(ours).toBe(theirs);
    }
  }, 60_000);

  it('lets us in 2,000 times more with faster arithmetic under it', async () => {
    lendArithmetic();
    for (let round = 0; round < 2_000; round++) {
      const [ours, theirs] = await loginAtPeer(srpJs(2048), profile);
      expect(ours).toBe(theirs);
    }
  }, 120_000);
});
