/** The form of an email address that enters key derivation and SRP: trimmed, lower-cased, not otherwise changed. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** The form of a passphrase that enters key derivation: trimmed, Unicode NFKD, so every keyboard gives the same key. */
export function normalisePassphrase(passphrase: string): string {
  return passphrase.trim().normalize('NFKD');
}
