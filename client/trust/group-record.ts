import * as z from 'zod';
import type { AesKeyJwk } from '../../shared/crypto/aes-key.ts';
import { encodeHex } from '../../shared/crypto/hex.ts';
import { GroupKeyChanged, GroupRolledBack, KeyEpochWentBack } from '../refusals.ts';
import { readSaved } from '../saved.ts';
import type { Notes } from './notes.ts';

const contents = z.object({
  /** The highest ever seen. */
  revision: z.int(),
  keyEpoch: z.int(),
  /** Of each key by its epoch: enough to know it again, nothing to open with. */
  keys: z.record(z.string(), z.string()),
  /** Where the last whole page of a pull ended. */
  place: z.object({ cursor: z.string(), revision: z.int() }).nullable(),
});
type Contents = z.infer<typeof contents>;
/** The highest revision and key epoch at some time. */
export type Mark = Pick<Contents, 'revision' | 'keyEpoch'>;
/** Everything up to a revision has been seen; a pull goes on at the cursor. */
export type Place = NonNullable<Contents['place']>;

const nothing: Contents = { revision: 0, keyEpoch: 1, keys: {}, place: null };

/** What is remembered of one group, from one run of a program to the next. */
export class GroupRecord {
  readonly #notes: Notes;
  readonly #groupId: string;
  #known: Contents | undefined;

  constructor(notes: Notes, groupId: string) {
    this.#notes = notes;
    this.#groupId = groupId;
  }

  /** How far it is known to be now: to be asked for before a call whose answer has to follow it. */
  async mark(): Promise<Mark> {
    return this.#read();
  }

  /**
   * An answer says where the group is. Answers overtake each other, so it is held against what was known before its call.
   * @throws {GroupRolledBack | KeyEpochWentBack}
   */
  async saw(mark: Mark, { revision = mark.revision, keyEpoch = mark.keyEpoch }: Partial<Mark>): Promise<void> {
    if (keyEpoch < mark.keyEpoch) throw new KeyEpochWentBack(this.#groupId, mark.keyEpoch, keyEpoch);
    if (revision < mark.revision) throw new GroupRolledBack(this.#groupId, mark.revision, revision);
    const known = await this.#read();
    const higher = { revision: Math.max(known.revision, revision), keyEpoch: Math.max(known.keyEpoch, keyEpoch) };
    if (higher.revision > known.revision || higher.keyEpoch > known.keyEpoch) await this.#write(higher);
  }

  /** @throws {GroupKeyChanged} */
  async sawKeys(keys: ReadonlyMap<number, AesKeyJwk>): Promise<void> {
    const checks: Record<string, string> = {};
    for (const [epoch, key] of keys) checks[epoch] = await checkOf(key);
    const known = await this.#read();
    for (const [epoch, check] of Object.entries(checks)) {
      if ((known.keys[epoch] ?? check) !== check) throw new GroupKeyChanged(this.#groupId, Number(epoch));
    }
    if (Object.keys(checks).some((epoch) => known.keys[epoch] === undefined)) {
      await this.#write({ keys: { ...known.keys, ...checks } });
    }
  }

  async place(): Promise<Place | null> {
    return (await this.#read()).place;
  }

  /** The place moves forward only. */
  async reached(place: Place): Promise<void> {
    const known = (await this.#read()).place;
    const isNew = known === null || place.revision > known.revision;
    if (isNew && place.cursor !== known?.cursor) await this.#write({ place });
  }

  /** @throws {SavedStateUnusable} */
  async #read(): Promise<Contents> {
    const text = this.#known === undefined ? await this.#notes.read(this.#name) : undefined;
    this.#known ??= text === undefined ? nothing : readSaved(contents, text, `the note "${this.#name}"`);
    return this.#known;
  }

  /** After a read; without an await in between, so that no change is lost to another one. */
  async #write(changed: Partial<Contents>): Promise<void> {
    const next = { ...nothing, ...this.#known, ...changed };
    this.#known = next;
    await this.#notes.write(this.#name, JSON.stringify(next));
  }

  get #name(): string {
    return `group ${this.#groupId}`;
  }
}

/** Ten bytes of a hash of 256 random bits say which key it is, and nothing of it. */
async function checkOf({ k }: AesKeyJwk): Promise<string> {
  const text = new TextEncoder().encode(`nightvault.key-check.1 ${k}`);
  return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', text)).subarray(0, 10));
}
