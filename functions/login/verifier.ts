import type * as z from 'zod';
import { decodeHex, encodeHex } from '../../shared/crypto/hex.ts';
import { srpGroups } from '../../shared/crypto/srp/groups.ts';
import { isValidVerifier } from '../../shared/crypto/srp/server.ts';
import type { Sealer } from '../../shared/platform/sealing.ts';
import { defaultProfile, type ProfileId, profiles } from '../../shared/protocol/profiles.ts';
import type { Stored } from '../../shared/store/database.ts';
import type { Login } from '../../shared/store/logins.ts';
import { decoyVerifier } from './decoy.ts';

const verifierSeal = 'srp verifier';

/** A verifier as the store holds it: sealed under a server key, for this account. */
export const sealVerifier = (sealer: Sealer, accountId: string, verifier: string): Promise<string> =>
  sealer.seal('verifier-key', verifierSeal, accountId, decodeHex(verifier));

/** Adds an issue for a verifier of 0, 1 or N-1: that would be an account without a passphrase. For input that is well-formed. */
export function refuseUnusableVerifier(
  { verifier, profile }: { readonly verifier: string; readonly profile: ProfileId },
  context: z.RefinementCtx,
): void {
  if (context.issues.length > 0) return;
  const { groupBits, publicValueBytes } = profiles[profile];
  const isHex = verifier.length === publicValueBytes * 2 && /^[0-9a-f]*$/.test(verifier);
  if (!isHex || isValidVerifier(srpGroups[groupBits], decodeHex(verifier))) return;
  context.addIssue({ code: 'custom', path: ['verifier'], message: 'must be greater than 1 and less than N-1' });
}

/** The account's verifier, or for an unknown address the decoy's. Either opens a sealed one, and makes a decoy. */
export async function verifierOf(
  sealer: Sealer,
  loginId: string,
  login: Stored<Login> | undefined,
): Promise<{ verifier: Uint8Array; profile: ProfileId }> {
  const profile = login?.data.profile ?? defaultProfile;
  const decoy = await decoyVerifier(sealer, loginId, profile);
  const { sealedVerifier, accountId } = login?.data ?? (await sealedDecoy(sealer, decoy));
  const verifier = await sealer.open('verifier-key', verifierSeal, accountId, sealedVerifier);
  if (login === undefined) return { verifier: decoy, profile };
  if (verifier === undefined) {
    throw new Error(
      'A stored verifier cannot be opened: was an old version of verifier-key disabled before re-sealing?',
    );
  }
  return { verifier, profile };
}

/** One for all unknown addresses: what it says is not used, only opened. */
const sealedDecoys = new WeakMap<Sealer, string>();

async function sealedDecoy(sealer: Sealer, verifier: Uint8Array) {
  const accountId = 'nobody';
  const sealedVerifier = sealedDecoys.get(sealer) ?? (await sealVerifier(sealer, accountId, encodeHex(verifier)));
  sealedDecoys.set(sealer, sealedVerifier);
  return { accountId, sealedVerifier };
}
