/** Name of an account profile, as it stands in the `profile` field of the wire and of a stored account. */
export type ProfileId = 'srp6a-2048-sha256+pbkdf2-sha256-100000' | 'srp6a-3072-sha256+pbkdf2-sha256-600000';

/** Everything that differs between two accounts' cryptography. A profile never changes once accounts use it. */
export interface AccountProfile {
  readonly id: ProfileId;
  /** Size of the SRP group's prime in bits (RFC 5054, Appendix A). */
  readonly groupBits: 2048 | 3072;
  /** Length in bytes of the verifier and of the public values A and B; on the wire twice as many hex characters. */
  readonly publicValueBytes: number;
  /** PBKDF2-HMAC-SHA-256 iterations of both derived keys. */
  readonly iterations: number;
}

/** Every profile, by its name. */
export const profiles: Readonly<Record<ProfileId, AccountProfile>> = {
  'srp6a-2048-sha256+pbkdf2-sha256-100000': {
    id: 'srp6a-2048-sha256+pbkdf2-sha256-100000',
    groupBits: 2048,
    publicValueBytes: 256,
    iterations: 100_000,
  },
  'srp6a-3072-sha256+pbkdf2-sha256-600000': {
    id: 'srp6a-3072-sha256+pbkdf2-sha256-600000',
    groupBits: 3072,
    publicValueBytes: 384,
    iterations: 600_000,
  },
};

/** The security standards document's own profile: what an account gets that names none. */
export const defaultProfile: ProfileId = 'srp6a-2048-sha256+pbkdf2-sha256-100000';

/** What a client refuses to go below, whatever a server offers: a weaker offer would be an attack on the passphrase. */
export const kdfFloor = { iterations: 100_000, groupBits: 2048 } as const;

/** Whether `text` names a profile this program knows. */
export function isProfileId(text: string): text is ProfileId {
  return Object.hasOwn(profiles, text);
}
