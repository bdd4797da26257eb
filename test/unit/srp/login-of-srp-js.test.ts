import { loginOfPeer } from './peers.ts';
import { srpJs } from './srp-js.ts';

// The verifier, too, is the peer's own: see login-at-srp-js.test.ts for the other direction.
it('lets clients of srp-js in, 2,000 times, with equal keys', async () => {
  const peer = srpJs(2048);
  for (let round = 0; round < 100; round++) {
    const [ours, theirs] = await loginOfPeer(peer, 'srp6a-2048-sha256+pbkdf2-sha256-100000');
    expect(ours).toBe(theirs);
  }
}, 300_000);

it('lets them in 50 times with the hardened profile', async () => {
  const peer = srpJs(3072);
  for (let round = 0; round < 50; round++) {
    const [ours, theirs] = await loginOfPeer(peer, 'srp6a-3072-sha256+pbkdf2-sha256-600000');
    expect(ours).toBe(theirs);
  }
}, 60_000);
