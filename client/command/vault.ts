import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { decryptMessage, encryptMessage, parseMessage } from '../../shared/crypto/message.ts';
import { removeLeftovers } from '../folder/disk.ts';
import { CommandFailed } from './failures.ts';
import { type FoundKeyring, whyNot } from './keyring.ts';
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
  #found: FoundKeyring;

  constructor(home: string, found: FoundKeyring) {
    this.#path = join(home, 'session.json');
    this.#found = found;
  }

  get path(): string {
    return this.#path;
  }

  /** Where the session is kept; where it is not the keyring, why. */
  get place(): { readonly place: 'keyring' } | { readonly place: 'file'; readonly why: string } {
    const { keyring } = this.#found;
    return keyring === undefined ? { place: 'file', why: this.#found.why } : { place: 'keyring' };
  }

  /** @returns undefined when nobody is logged in @throws {CommandFailed} */
  async read(): Promise<VaultContents | undefined> {
    const text = await readPrivate(this.#path);
    if (text === undefined) return undefined;
    try {
      const { sealed, open } = file.parse(JSON.parse(text));
      if (sealed === undefined) return open;
      return contents.parse(JSON.parse(await decryptMessage(await this.#key(), parseMessage(sealed))));
    } catch (error) {
      if (error instanceof CommandFailed) throw error;
      throw damaged(`${this.#path} is not what nightvault wrote there, or the keyring holds another key.`);
    }
  }

  async write(value: VaultContents): Promise<void> {
    const { server, account, groups } = value;
    const open = { server, account, groups };
    const key = await this.#writableKey();
    if (key === undefined) return writePrivate(this.#path, JSON.stringify({ v: 1, open }));
    const sealed = JSON.stringify(await encryptMessage(key, JSON.stringify(open)));
    await writePrivate(this.#path, JSON.stringify({ v: 1, sealed }));
  }

  async clear(): Promise<void> {
    await rm(this.#path, { force: true });
    await removeLeftovers(dirname(this.#path));
    // Without the file its key opens nothing: it may stay in a keyring that has been locked meanwhile.
    await this.#found.keyring?.remove().catch(() => {});
  }

  async #key(): Promise<string> {
    const { keyring } = this.#found;
    if (keyring === undefined) throw damaged(`It is encrypted under a key in the keyring, and ${this.#found.why}.`);
    const key = await keyring.read();
    if (key === null) throw damaged('It is encrypted under a key in the keyring, and that is not there.');
    return key;
  }

  /** A key that the keyring holds; undefined where it takes none, as a locked one does: then the file must do. */
  async #writableKey(): Promise<string | undefined> {
    const { keyring } = this.#found;
    try {
      const known = await keyring?.read();
      if (keyring === undefined || known) return known ?? undefined;
      const key = randomBytes(32).toString('hex');
      await keyring.write(key);
      return key;
    } catch (error) {
      this.#found = { why: whyNot(error) };
      return undefined;
    }
  }
}

const damaged = (why: string): CommandFailed =>
  new CommandFailed('login', 'SESSION_UNUSABLE', {
    what: 'The saved session cannot be opened.',
    why,
    remedy: 'Unlock the keyring, or log in again: nightvault login.',
  });
