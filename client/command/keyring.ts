import { types } from 'node:util';
import type { Environment } from './home.ts';

/** One secret in the keyring of the operating system. Everything fails with an `Error` where the keyring does. */
export interface Keyring {
  read(): Promise<string | null>;
  write(secret: string): Promise<void>;
  remove(): Promise<void>;
}

/** The keyring, or why there is none to use, as a clause. */
export type FoundKeyring = { readonly keyring: Keyring } | { readonly keyring?: undefined; readonly why: string };

/** Milliseconds after which a person is told what is waited for, and until which they may unlock the keyring. */
const patience = { told: 2_000, end: 60_000 };

/** @param onWaiting called when the keyring takes its time: it may have asked the person to unlock it */
export async function openKeyring(env: Environment, onWaiting: () => void): Promise<FoundKeyring> {
  if (env.NIGHTVAULT_HOME) return { why: 'NIGHTVAULT_HOME is set' };
  try {
    const { AsyncEntry } = await import('@napi-rs/keyring');
    // Without it Linux's kernel keyring would be taken, which forgets everything when the computer is off.
    const entry = new AsyncEntry('nightvault', 'session', { linux: { store: 'secret-service' } });
    const keyring: Keyring = {
      read: () => inTime(entry.getPassword(), onWaiting),
      write: (secret) => inTime(entry.setPassword(secret), onWaiting),
      remove: async () => void (await inTime(entry.deletePassword(), onWaiting)),
    };
    await keyring.read();
    return { keyring };
  } catch (error) {
    return { why: whyNot(error) };
  }
}

/** Why a keyring cannot be used, as a clause. */
export function whyNot(error: unknown): string {
  const told = types.isNativeError(error) ? error.message : String(error);
  if (/prompt was dismissed|locked/i.test(told)) return 'the keyring of the system is locked';
  if (told.includes('DBus error')) return 'no keyring of the system answers on the session bus';
  return `the keyring of the system cannot be used: ${told.split('\n')[0]?.replace(/\.$/, '')}`;
}

async function inTime<T>(work: Promise<T>, onWaiting: () => void): Promise<T> {
  const telling = setTimeout(onWaiting, patience.told);
  let ending: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    ending = setTimeout(() => reject(new Error('it does not answer')), patience.end);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(telling);
    clearTimeout(ending);
  }
}
