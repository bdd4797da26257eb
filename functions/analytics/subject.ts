import { sha256Hex } from '../../shared/platform/hash.ts';
import type { Sealer } from '../../shared/platform/sealing.ts';

/**
 * Whom an event is about, as a keyed hash: without the server's key nobody can tell which account or device it is, nor
 * try ids on it.
 */
export const subjects = (sealer: Sealer) => ({
  userId: (userId: string) => sealer.hash('analytics-id-key', 'account', accountHash(userId)),
  anonymousId: (anonymousId: string) => sealer.hash('analytics-id-key', 'device', anonymousId),
});

/** Clients send an account's id as it is, or its SHA-256 in hex: the same account either way. */
const accountHash = (userId: string): string =>
  /^[0-9a-f]{64}$/i.test(userId) ? userId.toLowerCase() : sha256Hex(userId);
