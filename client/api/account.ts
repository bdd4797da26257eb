import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import { sessionWhoami } from '../../shared/protocol/account.ts';
import type { GroupChoice } from '../../shared/protocol/leaving.ts';
import { changeAddress } from '../email-address.ts';
import { findRecipient } from '../group.ts';
import { deleteAccount, exportAccount } from '../leaving.ts';
import { type Credentials, logOut } from '../log-in.ts';
import { changePassphrase, type OwnerProof, sendPassphraseCode } from '../passphrase.ts';
import { listWaiting, readmit, type Waiting } from '../passphrase-reset.ts';
import { AnswerContradictory } from '../refusals.ts';
import type { Compare } from '../team.ts';
import type { Context, Until } from './context.ts';
import type { Group } from './group.ts';
import { Groups } from './groups.ts';
import { Invites } from './invites.ts';
import { type SavedAccount, saveSession } from './saved-account.ts';
import { Sessions } from './sessions.ts';
import { Teams } from './teams.ts';
import { Usage } from './usage.ts';

/** A logged-in account, its keys open in memory. */
export class Account {
  readonly groups: Groups;
  readonly sessions: Sessions;
  readonly teams: Teams;
  readonly invites: Invites;
  readonly usage: Usage;
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
    this.groups = new Groups(context);
    this.sessions = new Sessions(context);
    this.teams = new Teams(context);
    this.invites = new Invites(context);
    this.usage = new Usage(context);
  }

  get id(): string {
    return this.#context.session().account.accountId;
  }

  get email(): string {
    return this.#context.session().account.email;
  }

  get firstName(): string {
    return this.#context.session().account.firstName;
  }

  get lastName(): string {
    return this.#context.session().account.lastName;
  }

  /** Of one's own public key: what others compare before they share. */
  fingerprint(): Promise<string> {
    return publicKeyFingerprint(JSON.stringify(this.#context.session().keys.publicKey));
  }

  /**
   * Of the key that the server hands out for an address just now, to be compared with its owner. Nothing is given to it,
   * and it is not remembered.
   * @throws {CallFailed} `ACCOUNT_NOT_FOUND`, `RATE_LIMITED`
   */
  async fingerprintOf(email: string, until: Until = {}): Promise<string> {
    return (await findRecipient(this.#context.session(until), email)).fingerprint;
  }

  /** For `Nightvault.resume`: JSON that opens everything, to be kept like a private key. */
  save(): SavedAccount {
    return saveSession(this.#context.session());
  }

  /**
   * Asks the server whether the session still lives, and for what has changed in the account.
   * @throws {CallFailed} `UNAUTHENTICATED`
   * @throws {AnswerContradictory} when the account is another, or has other keys: after a reset, log in again
   */
  async refresh(until: Until = {}): Promise<void> {
    const { connection, account: known } = this.#context.session(until);
    const account = await connection.get('session-whoami', sessionWhoami, {});
    if (account.accountId !== known.accountId || account.publicKey !== known.publicKey) {
      throw new AnswerContradictory('session-whoami', 'the account or its public key is another');
    }
    this.#context.renew(account);
  }

  /**
   * From now on this fingerprint is that of the person, as when a passphrase was reset and its owner has said so.
   * @param person the account and the fingerprint as they were compared
   */
  async trust(person: {
    readonly accountId: string;
    readonly email: string;
    readonly fingerprint: string;
  }): Promise<void> {
    await this.#context.pins.trust(person);
  }

  /**
   * Sets a new passphrase. All other devices are logged out; nothing has to be encrypted anew.
   * @param proof the old passphrase, or the code that `sendPassphraseCode` mails
   * @returns how many sessions that ended
   * @throws {CallFailed} `PROOF_FAILED`, `KEYS_CHANGED`
   */
  async changePassphrase(proof: OwnerProof, passphrase: string, until: Until = {}): Promise<number> {
    const ended = await changePassphrase(this.#context.session(until), proof, passphrase);
    await this.refresh(until);
    return ended;
  }

  async sendPassphraseCode(until: Until = {}): Promise<void> {
    await sendPassphraseCode(this.#context.session(until));
  }

  /**
   * Asks for another address; a mail goes there, and nothing changes until its link is used.
   * @param code of `sendPassphraseCode`: then the passphrase is a new one
   * @throws {CallFailed} `PROOF_FAILED`, `KEYS_CHANGED`, `RATE_LIMITED`
   */
  async changeAddress(next: Credentials, { code, ...until }: Until & { readonly code?: string } = {}): Promise<void> {
    await changeAddress(this.#context.session(until), next, code);
  }

  /** Who has reset a passphrase and waits for keys that this account can grant: see `readmit`. */
  waiting(until: Until = {}): Promise<Waiting[]> {
    return listWaiting(this.#context.session(until));
  }

  /**
   * The members of one's groups whose passphrase was reset are let in again, those whose new key `compare` takes.
   * @returns how many keys were granted
   * @throws {CallFailed} `KEYS_CHANGED`, `KEY_EPOCH_STALE`, `REKEY_NOT_NEEDED`
   */
  async readmit(groups: readonly Group[], compare: Compare, until: Until = {}): Promise<number> {
    const session = this.#context.session(until);
    const held = groups.map((group) => group.keys);
    const ids = new Set(held.map(({ id }) => id));
    const waiting = (await listWaiting(session)).filter(({ groupId }) => ids.has(groupId));
    const answers = new Map<string, boolean>();
    for (const person of waiting) {
      const asked = answers.get(person.fingerprint) ?? (await compare(person));
      answers.set(person.fingerprint, asked);
      if (asked) await this.#context.pins.trust(person);
    }
    return readmit(
      session,
      waiting.filter(({ fingerprint }) => answers.get(fingerprint)),
      held,
    );
  }

  /** Everything the server holds of the account, as one JSON document to be written to a file as it comes. */
  export(until: Until = {}): Promise<ReadableStream<Uint8Array>> {
    return exportAccount(this.#context.session(until));
  }

  /**
   * Deletes the account for good.
   * @param groups what becomes of each group that would be left without an admin
   * @throws {CallFailed} `PROOF_FAILED`; `GROUPS_NEED_CHOICE`, and nothing is changed
   */
  delete(passphrase: string, groups: readonly GroupChoice[] = [], until: Until = {}) {
    return deleteAccount(this.#context.session(until).connection, { email: this.email, passphrase }, groups);
  }

  /** Ends the session on the server. */
  async logOut(until: Until = {}): Promise<void> {
    await logOut(this.#context.session(until));
  }
}
