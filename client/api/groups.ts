import type * as z from 'zod';
import { syncCheck } from '../../shared/protocol/changes.ts';
import { groupList, groupRestore } from '../../shared/protocol/group.ts';
import { createGroup, type Group as GroupKeys, openListed } from '../group.ts';
import { AnswerContradictory, GroupKeyReused, GroupNotOpen, GroupRefused } from '../refusals.ts';
import type { WaitingGroup } from '../team.ts';
import type { Mark } from '../trust/group-record.ts';
import type { Context, Until } from './context.ts';
import { Group } from './group.ts';
import { openSavedGroup } from './saved-group.ts';

type Row = z.output<typeof groupList.output>['groups'][number];
/** A group that cannot be opened: whether it waits for a key, and who can grant it. */
export type ClosedGroup = Row;
type Linked = Exclude<Row, WaitingGroup>;

/** How a group stands at the server, against what one has of it. */
export type GroupNews = z.output<typeof syncCheck.output>['groups'][number];

/** A group one has, and up to where: the cursor of an earlier pull, or null. Unless given, the one remembered. */
export interface Held {
  readonly group: Group;
  readonly cursor?: string | null;
}

/** The groups of an account. */
export class Groups {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * A new group with a fresh key, this account its admin.
   * @param options.teamId a team of this account's; the personal one unless given
   * @throws {CallFailed} `TEAM_NOT_FOUND`, `QUOTA_EXCEEDED`
   */
  async create(name: string, { teamId, ...until }: Until & { readonly teamId?: string } = {}): Promise<Group> {
    return this.#open(await createGroup(this.#context.session(until), name, teamId));
  }

  /**
   * The groups this account has the key to. One that cannot be opened, whoever's fault it is, hides none of the others.
   * @param options.onRefused told of each that was left out; without it the first is thrown
   * @throws {GroupRefused}
   */
  async list({ onRefused, ...until }: Until & { onRefused?: (refused: GroupRefused) => void } = {}): Promise<Group[]> {
    const marks = await this.#context.marks();
    const rows = await this.#rows(until);
    const opened: Group[] = [];
    const owners = new Map<string, string>();
    for (const row of rows) {
      if (row.linkState !== 'active') continue;
      try {
        const group = await this.#openRow(row, await marks(row.id), until);
        for (const { k } of group.keys.keys.values()) {
          const other = owners.get(k);
          if (other !== undefined) throw new GroupKeyReused(row.id, other);
          owners.set(k, row.id);
        }
        opened.push(group);
      } catch (error) {
        until.signal?.throwIfAborted();
        if (!(error instanceof Error)) throw error;
        const refused = new GroupRefused(row.id, error);
        if (onRefused === undefined) throw refused;
        onRefused(refused);
      }
    }
    return opened;
  }

  /**
   * @throws {GroupNotOpen} when this account has no such group, or no key to it now
   * @throws {KeyUnwrapFailed | KeyEpochWentBack | GroupKeyChanged | GroupRolledBack}
   */
  async open(id: string, until: Until = {}): Promise<Group> {
    const mark = await this.#context.record(id).mark();
    return this.#openRow(await this.#row(id, until), mark, until);
  }

  /** A group that `group.save()` gave. Calls nothing. @throws {SavedStateUnusable} */
  resume(saved: unknown): Group {
    return this.#group(openSavedGroup(saved));
  }

  /**
   * Which groups have changed, all in one call.
   * @returns for each of them how it stands, and the ids of those that are deleted, or that this account can open no more
   * @throws {GroupRolledBack | KeyEpochWentBack}
   * @throws {CallFailed} `CURSOR_INVALID`
   */
  async check(held: readonly Held[], until: Until = {}): Promise<{ groups: GroupNews[]; missing: string[] }> {
    const { connection } = this.#context.session(until);
    const asked = await Promise.all(
      held.map(async ({ group: { id }, cursor }) => {
        const place = cursor === undefined ? ((await this.#context.record(id).place())?.cursor ?? null) : cursor;
        return { groupId: id, cursor: place };
      }),
    );
    const groups: GroupNews[] = [];
    const missing: string[] = [];
    const step = asked.length > smallCheck ? (await this.#context.limits(until)).syncCheckGroups : smallCheck;
    for (let first = 0; first < asked.length; first += step) {
      const some = asked.slice(first, first + step);
      const marks = await this.#context.marks();
      const answer = await connection.post('sync-check', syncCheck, { groups: some });
      const told = [...answer.groups.map(({ groupId }) => groupId), ...answer.missing].sort();
      if (
        told.join() !==
        some
          .map(({ groupId }) => groupId)
          .sort()
          .join()
      ) {
        throw new AnswerContradictory('sync-check', 'it does not speak of exactly the groups asked for');
      }
      for (const { groupId, revision, keyEpoch } of answer.groups) {
        await this.#context.record(groupId).saw(await marks(groupId), { revision, keyEpoch });
      }
      groups.push(...answer.groups);
      missing.push(...answer.missing);
    }
    return { groups, missing };
  }

  /** The groups of one's teams that nobody has wrapped the key of to this account yet, and who can. */
  async waiting(until: Until = {}): Promise<WaitingGroup[]> {
    return (await this.#rows(until)).flatMap((row) => (row.linkState === 'waiting-for-key' ? [row] : []));
  }

  /**
   * The groups this account belongs to and cannot open: nobody has wrapped their key to it yet, or not since its
   * passphrase was reset; or (`lost`) nobody has it any more. `grantedBy` says who can.
   */
  async closed(until: Until = {}): Promise<ClosedGroup[]> {
    return (await this.#rows(until)).filter(({ linkState }) => linkState !== 'active');
  }

  /** Deleted groups that can still be had back. */
  async deleted(until: Until = {}): Promise<Pick<Linked, 'id' | 'name' | 'deletedAt' | 'restorableUntil'>[]> {
    const { groups } = await this.#context.session(until).connection.get('group-list', groupList, { deleted: 'true' });
    return groups.flatMap((row) => (row.linkState === 'waiting-for-key' ? [] : [row]));
  }

  /** Has a deleted group again. @throws {CallFailed} `GROUP_NOT_FOUND`, `ROLE_REQUIRED` */
  async restore(id: string, until: Until = {}): Promise<Group> {
    await this.#context.session(until).connection.post('group-restore', groupRestore, { groupId: id });
    return this.open(id, until);
  }

  async #rows(until: Until): Promise<Row[]> {
    return (await this.#context.session(until).connection.get('group-list', groupList, {})).groups;
  }

  /** @throws {GroupNotOpen} */
  async #row(id: string, until: Until): Promise<Linked> {
    const row = (await this.#rows(until)).find((each) => each.id === id);
    if (row === undefined) throw new GroupNotOpen(id, 'unknown');
    if (row.linkState !== 'active') throw new GroupNotOpen(id, row.linkState);
    return row;
  }

  /** Keys are asked for after the list: somebody may have made a newer one in between, and then it is asked for again. */
  async #openRow(row: Linked, mark: Mark, until: Until, again = mostAgain): Promise<Group> {
    const record = this.#context.record(row.id);
    await record.saw(mark, row);
    const keys = await openListed(this.#context.session(until), row);
    if (again === 0 || Math.max(...keys.keys.keys()) <= row.keyEpoch) return this.#open(keys);
    const now = await record.mark();
    return this.#openRow(await this.#row(row.id, until), now, until, again - 1);
  }

  async #open(keys: GroupKeys): Promise<Group> {
    return this.#group(await this.#context.accept(keys));
  }

  #group(keys: GroupKeys): Group {
    return new Group(this.#context, keys, async (until) => (await this.open(keys.id, until)).keys);
  }
}

/** How often a list that is older than the keys is asked for again. */
const mostAgain = 3;

/** Groups that every server takes in one check: so few need no look at its limits. */
const smallCheck = 50;
