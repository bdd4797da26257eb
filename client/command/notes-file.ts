import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import type { Notes } from '../index.ts';
import { CommandFailed } from './failures.ts';
import { readPrivate, writePrivate } from './private-file.ts';

const entries = z.record(z.string(), z.string());

/** What is remembered of people's keys and of groups, in a file for each server. It holds no secrets. */
export class FileNotes implements Notes {
  readonly #path: string;
  #entries: Promise<Record<string, string>> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(home: string, server: string) {
    const name = createHash('sha256').update(server).digest('hex').slice(0, 16);
    this.#path = join(home, 'notes', `${name}.json`);
  }

  /** @throws {CommandFailed} when they cannot be read */
  async check(): Promise<void> {
    await this.#load();
  }

  async read(name: string): Promise<string | undefined> {
    const known = await this.#load();
    return Object.hasOwn(known, name) ? known[name] : undefined;
  }

  async write(name: string, text: string): Promise<void> {
    const known = await this.#load();
    if (known[name] === text) return;
    known[name] = text;
    this.#writing = this.#writing.then(() => writePrivate(this.#path, JSON.stringify(known)));
    await this.#writing;
  }

  #load(): Promise<Record<string, string>> {
    this.#entries ??= readPrivate(this.#path).then((text) => (text === undefined ? {} : this.#parse(text)));
    return this.#entries;
  }

  #parse(text: string): Record<string, string> {
    try {
      return entries.parse(JSON.parse(text));
    } catch {
      throw new CommandFailed('local', 'NOTES_UNUSABLE', {
        what: "What is remembered of people's keys is damaged.",
        why: `${this.#path} is not what nightvault wrote there.`,
        remedy: 'Put a copy of it back; or move it away, and compare the fingerprints of those you share with again.',
      });
    }
  }
}
