import type { Sealer } from '../../shared/platform/sealing.ts';
import { defaultProfile, type ProfileId } from '../../shared/protocol/profiles.ts';
import type { Stored } from '../../shared/store/database.ts';
import type { Login } from '../../shared/store/logins.ts';
import { decoyVerifier } from './decoy.ts';

/** The account's verifier, or for an unknown address the decoy's. */
export async function verifierOf(
  sealer: Sealer,
  loginId: string,
  login: Stored<Login> | undefined,
): Promise<{ verifier: Uint8Array; profile: ProfileId }> {
  const profile = login?.data.profile ?? defaultProfile;
  const decoy = await decoyVerifier(sealer, loginId, profile);
  if (login === undefined) return { verifier: decoy, profile };
  const { sealedVerifier, accountId } = login.data;
  const verifier = await sealer.open('verifier-key', 'srp verifier', accountId, sealedVerifier);
  if (verifier === undefined) {
    throw new Error(
      'A stored verifier cannot be opened: was an old version of verifier-key disabled before re-sealing?',
    );
  }
  return { verifier, profile };
}
