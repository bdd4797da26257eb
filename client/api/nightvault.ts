import * as z from 'zod';
import { normaliseEmail } from '../../shared/crypto/normalise.ts';
import { accountResendVerification } from '../../shared/protocol/account.ts';
import { analyticsEvent } from '../../shared/protocol/analytics.ts';
import { configuration } from '../../shared/protocol/configuration.ts';
import type { GroupChoice } from '../../shared/protocol/leaving.ts';
import { kdfFloor, profiles } from '../../shared/protocol/profiles.ts';
import { Connection, type Wait } from '../connection.ts';
import { confirmAddress } from '../email-address.ts';
import { deleteAccount, sendDeletionCode } from '../leaving.ts';
import { type Credentials, logIn } from '../log-in.ts';
import { finishReset, previewReset, type ResetPreview, startReset } from '../passphrase-reset.ts';
import { readSaved } from '../saved.ts';
import { type NewAccount, signUp, verifyAddress } from '../sign-up.ts';
import { MemoryNotes, type Notes, notesOf } from '../trust/notes.ts';
import { untilSignal } from '../until-signal.ts';
import { Account } from './account.ts';
import { Context, type Until } from './context.ts';
import { type Configuration, type Limits, usableLimits } from './limits.ts';
import { openSaved } from './saved-account.ts';
import type { UsageEvent } from './usage.ts';

export interface ConnectOptions {
  /** What is remembered of people's keys and of groups. In memory unless given: then a server that is set back between two runs is found out. */
  readonly notes?: Notes;
  /** How to wait before a retry: so many milliseconds, or until the signal of the call. */
  readonly wait?: Wait;
}

const profileNote = z.object({ iterations: z.int(), groupBits: z.int() });

/** A server, to sign up at and to log in to. */
export class Nightvault {
  readonly #connection: Connection;
  readonly #notes: Notes;
  #configuration: Promise<Configuration> | undefined;

  private constructor(connection: Connection, notes: Notes) {
    this.#connection = connection;
    this.#notes = notes;
  }

  /**
   * Calls nothing yet.
   * @param base what stands before a function's name in its URL
   * @throws {TypeError} when it is no URL of HTTP, or has a query
   */
  static connect(base: string | URL, { notes = new MemoryNotes(), wait }: ConnectOptions = {}): Nightvault {
    return new Nightvault(new Connection(String(base), wait), notes);
  }

  /** The server's limits, rules and profiles. Read once. */
  configuration({ signal }: Until = {}): Promise<Configuration> {
    this.#configuration ??= this.#readConfiguration();
    return untilSignal(this.#configuration, signal);
  }

  /**
   * Makes an account; all of it is derived and encrypted here. A mail with a link follows, and the answer is the same for
   * an address that has an account already: the mail tells its owner.
   * @throws {CallFailed} `INVALID_INPUT`, `RATE_LIMITED`
   * @throws {TypeError} when the passphrase is empty
   */
  async signUp(person: NewAccount, { signal }: Until = {}): Promise<void> {
    await signUp(this.#connection.until(signal), person);
  }

  /** Has the link mailed again, to an account that is not verified yet. */
  async resendVerification(email: string, { signal }: Until = {}): Promise<void> {
    const connection = this.#connection.until(signal);
    await connection.post('account-resend-verification', accountResendVerification, { email });
  }

  /** @param token from the link in the mail @throws {CallFailed} `TOKEN_EXPIRED`; `INVALID_INPUT` where it is no token */
  async verify(token: string, { signal }: Until = {}): Promise<void> {
    await verifyAddress(this.#connection.until(signal), token);
  }

  /**
   * Logs in: the passphrase stays here, and both sides prove what they know.
   * @param options.label what this device is to be called in the list of sessions
   * @throws {CallFailed} `LOGIN_FAILED`, `EMAIL_NOT_VERIFIED`, `RATE_LIMITED`
   * @throws {ProfileRefused} when the server wants weaker cryptography than the floor, or than it wanted before
   * @throws {PublicValueOutOfRange | ServerProofWrong} when the server does not know this account
   * @throws {MessageTampered | KeyPairMismatched} when the account's keys were changed
   * @throws {SavedStateUnusable} when what the notes remember of the account is not whole
   */
  async logIn(credentials: Credentials, { signal, label }: Until & { readonly label?: string } = {}): Promise<Account> {
    const name = `profile of ${normaliseEmail(credentials.email)}`;
    const note = await this.#notes.read(name);
    const floor = note === undefined ? kdfFloor : readSaved(profileNote, note, `the note "${name}"`);
    const session = await logIn(this.#connection.until(signal), credentials, { label, floor });
    const { iterations, groupBits } = profiles[session.account.profile];
    await this.#notes.write(name, JSON.stringify({ iterations, groupBits }));
    return this.#account(session);
  }

  /**
   * Goes on with a session that `account.save()` gave. Calls nothing.
   * @throws {SavedStateUnusable} when it is of another server or is not whole
   */
  resume(saved: unknown): Account {
    return this.#account(openSaved(this.#connection, saved));
  }

  /** Has a code mailed with which a forgotten passphrase can be replaced. The answer is the same for every address. */
  async startReset(email: string, { signal }: Until = {}): Promise<void> {
    await startReset(this.#connection.until(signal), email);
  }

  /** What a reset would cost: which groups would be lost. @throws {CallFailed} `TOKEN_EXPIRED`, `INVALID_INPUT` */
  previewReset(token: string, { signal }: Until = {}): Promise<ResetPreview> {
    return previewReset(this.#connection.until(signal), token);
  }

  /**
   * Replaces a forgotten passphrase, and all keys with it. Log in afterwards; others of each group must let one in again.
   * @param email the preview's
   * @throws {CallFailed} `TOKEN_EXPIRED`
   */
  finishReset(
    reset: { readonly token: string; readonly email: string; readonly passphrase: string },
    { signal }: Until = {},
  ) {
    return finishReset(this.#connection.until(signal), reset);
  }

  /** What the link in the mail to a new address does. @throws {CallFailed} `TOKEN_EXPIRED`, `KEYS_CHANGED`, `EMAIL_IN_USE` */
  async confirmAddress(token: string, { signal }: Until = {}): Promise<void> {
    await confirmAddress(this.#connection.until(signal), token);
  }

  /** Has a code mailed with which an account can be deleted without its passphrase. */
  async sendDeletionCode(email: string, { signal }: Until = {}): Promise<void> {
    await sendDeletionCode(this.#connection.until(signal), email);
  }

  /** Deletes the account that a mailed code is for. @throws {CallFailed} `PROOF_FAILED`, `GROUPS_NEED_CHOICE` */
  deleteAccount(code: string, groups: readonly GroupChoice[] = [], { signal }: Until = {}) {
    return deleteAccount(this.#connection.until(signal), { code }, groups);
  }

  /**
   * Sends one usage event, if the server takes any. It carries no session: the account's id is all that names it, and
   * whether it is kept is the account's choice (`account.usage`).
   * @param writeKey what the operator gives to programs
   * @throws {CallFailed} `WRITE_KEY_INVALID`, `EVENTS_TOO_LARGE`
   */
  async track(writeKey: string, event: UsageEvent, { signal }: Until = {}): Promise<void> {
    const messageId = crypto.randomUUID();
    const sent = { ...event, type: 'track', messageId, timestamp: new Date().toISOString(), writeKey };
    await this.#connection.until(signal).post('analytics-collect/v1/track', analyticsEvent, sent);
  }

  async #readConfiguration(): Promise<Configuration> {
    try {
      return await this.#connection.get('configuration', configuration, {});
    } catch (error) {
      this.#configuration = undefined;
      throw error;
    }
  }

  #account(session: Awaited<ReturnType<typeof logIn>>): Account {
    const limits = async (until: Until): Promise<Limits> => usableLimits(await this.configuration(until));
    return new Account(new Context(session, notesOf(this.#notes, session.account.accountId), limits));
  }
}
