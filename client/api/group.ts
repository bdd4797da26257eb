import type { Role } from '../../shared/protocol/fields.ts';
import { groupDelete, groupLeave, groupUpdate, linkUpdate } from '../../shared/protocol/group.ts';
import type { OpenResource } from '../changes.ts';
import {
  findRecipient,
  type Group as GroupKeys,
  listMembers,
  type Member,
  revoke,
  rotateKey,
  share,
} from '../group.ts';
import { history, restore, type Version } from '../history.ts';
import { AnswerContradictory } from '../refusals.ts';
import type { Compare, Person } from '../team.ts';
import { Blobs } from './blobs.ts';
import { Changes } from './changes.ts';
import type { Context, Until } from './context.ts';
import { type SavedGroup, saveGroup } from './saved-group.ts';
import type { Verdict } from './verdict.ts';

/** Whether a key is somebody's, asked for one not seen before. */
export interface Comparing extends Until {
  readonly compare?: Compare | undefined;
}

/** A version of a resource in the clear. */
export type OpenVersion = OpenResource & Pick<Version, 'revision' | 'written' | 'current'>;

/** A group whose key is open here. */
export class Group {
  readonly changes: Changes;
  readonly blobs: Blobs;
  readonly #context: Context;
  readonly #reopen: (until: Until) => Promise<GroupKeys>;
  #keys: GroupKeys;

  constructor(context: Context, keys: GroupKeys, reopen: (until: Until) => Promise<GroupKeys>) {
    this.#context = context;
    this.#keys = keys;
    this.#reopen = reopen;
    this.changes = new Changes(context, this);
    this.blobs = new Blobs(context, this);
  }

  get id(): string {
    return this.#keys.id;
  }

  get name(): string {
    return this.#keys.name;
  }

  get teamId(): string {
    return this.#keys.teamId;
  }

  get role(): Role {
    return this.#keys.role;
  }

  /** Of the key that is encrypted with now. */
  get keyEpoch(): number {
    return this.#keys.keyEpoch;
  }

  /** The keys themselves, for the functions beneath this object. @internal */
  get keys(): GroupKeys {
    return this.#keys;
  }

  /** For `groups.resume`: JSON with the keys in the clear, to be kept like a private key. */
  save(): SavedGroup {
    return saveGroup(this.#keys);
  }

  /** Name, role and keys as they are now. @throws {GroupNotOpen | KeyEpochWentBack | GroupKeyChanged | GroupRolledBack} */
  async refresh(until: Until = {}): Promise<void> {
    this.#keys = await this.#reopen(until);
  }

  /**
   * Gives somebody the keys, earlier ones too: what was written under them is to be read as well.
   * @param options.compare asked for a key not seen before; without it the first key of an address is trusted
   * @throws {CallFailed} `ACCOUNT_NOT_FOUND`, `LINK_EXISTS`, `ROLE_REQUIRED`, `KEY_EPOCH_STALE`, `RATE_LIMITED`
   * @throws {PublicKeyChanged | FingerprintRefused} and nothing was given
   */
  async share(email: string, role: Role, { compare, ...until }: Comparing = {}): Promise<Person> {
    const session = this.#context.session(until);
    const person = { ...(await findRecipient(session, email)), email, firstName: '', lastName: '' };
    await this.#context.pins.take(person, compare);
    await share(session, this.#keys, person, role);
    return person;
  }

  /** Everybody who has a link to the group, as the server says. */
  members(until: Until = {}): Promise<Member[]> {
    return listMembers(this.#context.session(until), this.#keys);
  }

  /** @throws {CallFailed} `LINK_NOT_FOUND`, `LAST_ADMIN`, `ROLE_REQUIRED` */
  async setRole(accountId: string, role: Role, until: Until = {}): Promise<void> {
    const { connection } = this.#context.session(until);
    await connection.post('link-update', linkUpdate, { groupId: this.id, accountId, role });
  }

  /**
   * Takes somebody's link away. What they have read they have read; nothing is written until the key is rotated.
   * @throws {CallFailed} `LAST_ADMIN`, `LINK_NOT_FOUND`, `ROLE_REQUIRED`
   */
  async revoke(accountId: string, until: Until = {}): Promise<void> {
    await revoke(this.#context.session(until), this.#keys, accountId);
  }

  /**
   * Gives the group a fresh key, wrapped for everybody who is a member now. What is there stays under the key it was
   * written with; whoever pushes it again moves it under the new one.
   * @param options.compare asked for each member whose key was never seen here: the server names the members
   * @throws {PublicKeyChanged | PersonUnverified | FingerprintRefused} and nothing is changed
   * @throws {CallFailed} `MEMBERSHIP_CHANGED`, `KEY_EPOCH_STALE`, `ROLE_REQUIRED`
   */
  async rotateKey({ compare, ...until }: Comparing = {}): Promise<number> {
    const session = this.#context.session(until);
    const others: Person[] = [];
    for (const member of await this.members(until)) {
      if (member.accountId === session.account.accountId) continue;
      others.push(await this.#verified(member, { compare, ...until }));
    }
    this.#keys = await this.#context.accept(await rotateKey(session, this.#keys, others));
    return this.keyEpoch;
  }

  /** @throws {CallFailed} `ROLE_REQUIRED` */
  async rename(name: string, until: Until = {}): Promise<void> {
    await this.#context.session(until).connection.post('group-update', groupUpdate, { groupId: this.id, name });
    this.#keys = { ...this.#keys, name };
  }

  /** For all members; it can be had back for a while. @throws {CallFailed} `ROLE_REQUIRED` */
  delete(until: Until = {}) {
    return this.#context.session(until).connection.post('group-delete', groupDelete, { groupId: this.id });
  }

  /** Gives up one's own link. @throws {CallFailed} `LAST_ADMIN` */
  async leave(until: Until = {}): Promise<void> {
    await this.#context.session(until).connection.post('group-leave', groupLeave, { groupId: this.id });
  }

  /**
   * Every version of a resource that is still kept, newest first.
   * @throws {ResourceRefused} at one that does not open
   * @throws {CallFailed} `RESOURCE_NOT_FOUND`
   */
  async *history(id: string, until: Until = {}): AsyncGenerator<OpenVersion> {
    for await (const version of history(this.#context.session(until), this.#keys, id)) {
      if (version.id !== id) throw new AnswerContradictory('resource-history', 'it tells of another resource');
      yield await this.changes.open(version, until);
    }
  }

  /**
   * Has an earlier version again, as a new one.
   * @param baseVersion the version that stands, as far as the caller knows
   * @throws {CallFailed} `VERSION_NOT_FOUND`, `KEY_EPOCH_STALE`, `ROLE_REQUIRED`
   */
  async restore(version: Pick<Version, 'id' | 'version'>, baseVersion: string, until: Until = {}): Promise<Verdict> {
    const result = await restore(this.#context.session(until), this.#keys, version, baseVersion);
    if (result.id !== version.id) throw new AnswerContradictory('resource-restore', 'it tells of another resource');
    return this.changes.judged(result, until);
  }

  async #verified(member: Member, { compare, ...until }: Comparing): Promise<Person> {
    const { accountId, email, firstName, lastName } = member;
    const person = { ...(await findRecipient(this.#context.session(until), email)), email, firstName, lastName };
    if (person.accountId !== accountId) {
      throw new AnswerContradictory('public-key-get', `${email} is the address of another account than link-list says`);
    }
    await this.#context.pins.expect(person, compare);
    return person;
  }
}
