import { encodeHex } from '../../shared/crypto/hex.ts';
import { srpGroups } from '../../shared/crypto/srp/groups.ts';
import { seedSlackBytes, verifierFromSeed } from '../../shared/crypto/srp/server.ts';
import type { Sealer } from '../../shared/platform/sealing.ts';
import { defaultProfile, type ProfileId, profiles } from '../../shared/protocol/profiles.ts';
import type { Login } from '../../shared/store/logins.ts';

/** Login material for an address nobody has: the same for ever, and without the server's key like any other. */
export type Decoy = Pick<Login, 'saltKey' | 'saltAuth' | 'profile'>;

/** RFC 5054 §2.5.1.3. Computed for known addresses too, so that both take the same time. */
export async function decoyLogin(sealer: Sealer, loginId: string): Promise<Decoy> {
  const salts = await sealer.derive('salt-key', 'decoy salts', loginId, 64);
  return {
    saltKey: encodeHex(salts.subarray(0, 32)),
    saltAuth: encodeHex(salts.subarray(32)),
    profile: defaultProfile,
  };
}

/** A verifier that no passphrase is known for. */
export async function decoyVerifier(sealer: Sealer, loginId: string, profile: ProfileId): Promise<Uint8Array> {
  const group = srpGroups[profiles[profile].groupBits];
  const seed = await sealer.derive(
    'salt-key',
    'decoy verifier',
    loginId,
    profiles[profile].publicValueBytes + seedSlackBytes,
  );
  return verifierFromSeed(group, seed);
}
