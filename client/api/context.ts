import type { Group } from '../group.ts';
import type { Session } from '../log-in.ts';
import { AnswerContradictory, GroupKeyReused } from '../refusals.ts';
import { GroupRecord, type Mark } from '../trust/group-record.ts';
import type { Notes } from '../trust/notes.ts';
import { Pins } from '../trust/pins.ts';
import type { Limits } from './limits.ts';

/** Every call can be given up: it then fails with the signal's reason. */
export interface Until {
  readonly signal?: AbortSignal | undefined;
}

/** How far long work is, in bytes or changes, as its function says. */
export interface Progress {
  readonly done: number;
  /** Undefined while it is not known. */
  readonly total: number | undefined;
}

/** Work that may take a while. */
export interface LongWork extends Until {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What all objects of one logged-in account share. */
export class Context {
  readonly pins: Pins;
  readonly limits: (until: Until) => Promise<Limits>;
  readonly #notes: Notes;
  readonly #records = new Map<string, GroupRecord>();
  #session: Session;

  constructor(session: Session, notes: Notes, limits: (until: Until) => Promise<Limits>) {
    this.#session = session;
    this.#notes = notes;
    this.limits = limits;
    this.pins = new Pins(notes);
  }

  /** The session, for calls that end at a signal. */
  session({ signal }: Until = {}): Session {
    const session = this.#session;
    return { ...session, connection: session.connection.until(signal) };
  }

  /** From now on the account is as the server says, its keys as they were. */
  renew(account: Session['account']): void {
    this.#session = { ...this.#session, account };
  }

  record(groupId: string): GroupRecord {
    const record = this.#records.get(groupId) ?? new GroupRecord(this.#notes, groupId);
    this.#records.set(groupId, record);
    return record;
  }

  /** How far each group is known to be, to be asked for before a call whose answer tells of many. */
  async marks(): Promise<(groupId: string) => Promise<Mark>> {
    const known = new Map<string, Mark>();
    for (const [id, record] of this.#records) known.set(id, await record.mark());
    return async (id) => known.get(id) ?? this.record(id).mark();
  }

  /**
   * Takes a group's keys for its own, or does not.
   * @throws {GroupKeyChanged | GroupKeyReused | AnswerContradictory}
   */
  async accept(group: Group): Promise<Group> {
    const { id, keyEpoch, keys } = group;
    if (!keys.has(keyEpoch) || [...keys.keys()].some((epoch) => epoch > keyEpoch)) {
      throw new AnswerContradictory('group-list', `the keys of ${id} are not those up to epoch ${keyEpoch}`);
    }
    const seen = new Set<string>();
    for (const { k } of keys.values()) {
      if (seen.has(k)) throw new GroupKeyReused(id, id);
      seen.add(k);
    }
    await this.record(id).sawKeys(keys);
    await this.record(id).saw({ revision: 0, keyEpoch: 1 }, { keyEpoch });
    return group;
  }
}
