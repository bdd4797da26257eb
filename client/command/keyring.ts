import type { Environment } from './home.ts';

/** One secret in the keyring of the operating system. */
export interface Keyring {
  read(): string | null;
  write(secret: string): void;
  remove(): void;
}

/**
 * @returns undefined where there is none: no such system, no unlocked keyring, or a `NIGHTVAULT_HOME`, with which
 * everything stands in that folder
 */
export async function openKeyring(env: Environment): Promise<Keyring | undefined> {
  if (env.NIGHTVAULT_HOME) return undefined;
  try {
    const { Entry } = await import('@napi-rs/keyring');
    const entry = new Entry('nightvault', 'session');
    entry.getPassword();
    return {
      read: () => entry.getPassword(),
      write: (secret) => entry.setPassword(secret),
      remove: () => void entry.deletePassword(),
    };
  } catch {
    return undefined;
  }
}
