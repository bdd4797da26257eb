/**
 * Where a program remembers what a server must not be able to make it forget: the keys of people, and how far each group
 * was. Any store of texts will do; kept over restarts, it finds a server out that was set back meanwhile. It holds
 * fingerprints and counts, and no secrets. One for each server; accounts do not see each other's.
 */
export interface Notes {
  /** The text under a name, undefined when there is none. */
  read(name: string): string | undefined | Promise<string | undefined>;
  /** Puts a text there, in place of an earlier one. */
  write(name: string, text: string): void | Promise<void>;
}

/** Notes that last as long as the program. */
export class MemoryNotes implements Notes {
  readonly #texts: Map<string, string>;

  /** @param entries what `entries()` gave an earlier time */
  constructor(entries: Iterable<readonly [name: string, text: string]> = []) {
    this.#texts = new Map(entries);
  }

  read(name: string): string | undefined {
    return this.#texts.get(name);
  }

  write(name: string, text: string): void {
    this.#texts.set(name, text);
  }

  /** Everything, for a file. */
  entries(): [name: string, text: string][] {
    return [...this.#texts];
  }
}

/** The notes of one account among those of a server. */
export function notesOf(notes: Notes, accountId: string): Notes {
  const named = (name: string) => `${accountId} ${name}`;
  return { read: (name) => notes.read(named(name)), write: (name, text) => notes.write(named(name), text) };
}
