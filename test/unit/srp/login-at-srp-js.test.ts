import { loginAtPeer } from './peers.ts';
import { srpJs } from './srp-js.ts';

// Libraries that forget to pad fail in about 1 of 50 handshakes, or 1 of 250 where only the salt is concerned.
it('logs in 2,000 times at a server of srp-js, with equal keys', async () => {
  const peer = srpJs(2048);
  for (let round = 0; round < 100; round++) {
    const [ours, theirs] = await loginAtPeer(peer, 'srp6a-2048-sha256+pbkdf2-sha256-100000');
    expect(ours).toBe(theirs);
  }
}, 300_000);

it('logs in 50 times with the hardened profile', async () => {
  const peer = srpJs(3072);
  for (let round = 0; round < 50; round++) {
    const [ours, theirs] = await loginAtPeer(peer, 'srp6a-3072-sha256+pbkdf2-sha256-600000');
    expect(ours).toBe(theirs);
  }
}, 60_000);
