import { loginOfPeer } from './peers.ts';
import { lendArithmetic, srpJs } from './srp-js.ts';

const profile = 'srp6a-2048-sha256+pbkdf2-sha256-100000';

// The verifier is the peer's own, too. The other direction is in login-at-srp-js.test.ts.
describe('a client of srp-js', () => {
  it('is let in 50 times, with equal keys', async () => {
    for (let round = 0; round < 50; round++) {
      const [ours, theirs] = await loginOfPeer(srpJs(2048), profile);
      expect(ours).toBe(theirs);
    }
  }, 120_000);

  it('is let in 5 times with the hardened profile', async () => {
    for (let round = 0; round < 5; round++) {
      const [ours, theirs] = await loginOfPeer(srpJs(3072), 'srp6a-3072-sha256+pbkdf2-sha256-600000');
      expect(ours).toBe(theirs);
    }
  }, 60_000);

  it('is let in 2,000 times more with faster arithmetic under it', async () => {
    lendArithmetic();
    for (let round = 0; round < 2_000; round++) {
      const [ours, theirs] = await loginOfPeer(srpJs(2048), profile);
      expect(ours).toBe(theirs);
    }
  }, 120_000);
});
