import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { decryptMessage, encryptMessage, parseMessage } from '../../shared/crypto/message.ts';
import { removeLeftovers } from '../folder/disk.ts';
import { CommandFailed } from './failures.ts';
import type { Keyring } from './keyring.ts';
import { readPrivate, writePrivate } from './private-file.ts';

const contents = z.object({
  server: z.string(),
  /** What `account.save()` gave, and `group.save()` of the groups that were used. */
  account: z.unknown(),
  groups: z.record(z.string(), z.unknown()),
});
export type VaultContents = z.infer<typeof contents>;

const file = z.object({
  v: z.literal(1),
  /** Encrypted under a key in the keyring, or open and for its owner only. */
  sealed: z.string().optional(),
  open: contents.optional(),
});

/**
 * The session and its keys, in one file that only its owner can read. Where the system has a keyring, the file is
 * encrypted, and the key is there: keyrings hold short secrets only.
 */
export class Vault {
  readonly #path: string;
  readonly #keyring: Keyring | undefined;

  constructor(home: string, keyring: Keyring | undefined) {
    this.#path = join(home, 'session.json');
    this.#keyring = keyring;
  }

  get path(): string {
    return this.#path;
  }

  get place(): 'keyring' | 'file' {
    return this.#keyring === undefined ? 'file' : 'keyring';
  }

  /** @returns undefined when nobody is logged in @throws {CommandFailed} */
  async read(): Promise<VaultContents | undefined> {
    const text = await readPrivate(this.#path);
    if (text === undefined) return undefined;
    try {
      const { sealed, open } = file.parse(JSON.parse(text));
      if (sealed === undefined) return open;
      return contents.parse(JSON.parse(await decryptMessage(this.#key(), parseMessage(sealed))));
    } catch (error) {
      if (error instanceof CommandFailed) throw error;
      throw damaged(`${this.#path} is not what nightvault wrote there, or the keyring holds another key.`);
    }
  }

  async write(value: VaultContents): Promise<void> {
    const { server, account, groups } = value;
    const open = { server, account, groups };
    if (this.#keyring === undefined) return writePrivate(this.#path, JSON.stringify({ v: 1, open }));
    const key = this.#keyring.read() ?? randomBytes(32).toString('hex');
    this.#keyring.write(key);
    const sealed = JSON.stringify(await encryptMessage(key, JSON.stringify(open)));
    await writePrivate(this.#path, JSON.stringify({ v: 1, sealed }));
  }

  async clear(): Promise<void> {
    await rm(this.#path, { force: true });
    await removeLeftovers(dirname(this.#path));
    this.#keyring?.remove();
  }

  #key(): string {
    const key = this.#keyring?.read();
    if (typeof key !== 'string')
      throw damaged('The session is encrypted under a key in the keyring, which is not there.');
    return key;
  }
}

const damaged = (why: string): CommandFailed =>
  new CommandFailed('login', 'SESSION_UNUSABLE', {
    what: 'The saved session cannot be opened.',
    why,
    remedy: 'Unlock the keyring, or log in again: nightvault login.',
  });
