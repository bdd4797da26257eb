import type picocolors from 'picocolors';
import type { Account, Group } from '../index.ts';
import { Nightvault } from '../index.ts';
import type { Asking } from './asking.ts';
import { CommandFailed, usage } from './failures.ts';
import { type Environment, homeOf } from './home.ts';
import type { FoundKeyring } from './keyring.ts';
import { FileNotes } from './notes-file.ts';
import { Vault, type VaultContents } from './vault.ts';

export type Paint = ReturnType<typeof picocolors.createColors>;

/** What a command has of the world. Tests give it another one. */
export interface World {
  readonly env: Environment;
  readonly cwd: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether standard output is looked at by a person, and not by a program. */
  readonly isTerminal: boolean;
  /** The same of standard error: for progress. */
  readonly isWatched: boolean;
  readonly asking: Asking;
  readonly openKeyring: (env: Environment, onWaiting: () => void) => Promise<FoundKeyring>;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** A session that was saved here. */
type Earlier = Pick<VaultContents, 'server' | 'groups'> & { readonly account: Account };

/** The world, and who is logged in. */
export class Context {
  readonly world: World;
  /** For standard output. */
  readonly paint: Paint;
  readonly paintError: Paint;
  readonly json: boolean;
  readonly home: string;
  #vault: Promise<Vault> | undefined;
  #account: Account | undefined;

  constructor(world: World, { paint, paintError, json }: Pick<Context, 'paint' | 'paintError' | 'json'>) {
    this.world = world;
    this.paint = paint;
    this.paintError = paintError;
    this.json = json;
    this.home = homeOf(world.env);
  }

  get signal(): AbortSignal {
    return this.world.signal;
  }

  vault(): Promise<Vault> {
    const { env, stderr, openKeyring } = this.world;
    const onWaiting = () => stderr('Waiting for the keyring of the system: does it ask to be unlocked?\n');
    this.#vault ??= openKeyring(env, onWaiting).then((found) => new Vault(this.home, found));
    return this.#vault;
  }

  /** @param given of `--server`; else the environment's, else that of the session */
  async serverUrl(given: string | undefined): Promise<string> {
    const saved = given ?? this.world.env.NIGHTVAULT_SERVER ?? (await this.#savedIfUsable())?.server;
    if (saved === undefined) {
      const remedy = 'Say it with --server URL, or in the environment variable NIGHTVAULT_SERVER.';
      throw usage('There is no server to speak to.', 'No session is saved that would say which.', remedy);
    }
    const url = URL.canParse(saved) ? new URL(saved) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
      const why = `"${saved}" is no URL, or goes on behind the address.`;
      throw usage('That is no address of a server.', why, 'Write it whole: https://vault.example.com.');
    }
    return url.href.replace(/\/+$/, '');
  }

  /** @param server as `serverUrl` gives it */
  connect(server: string, notes = new FileNotes(this.home, server)): Nightvault {
    return Nightvault.connect(server, { notes });
  }

  /** Whoever is logged in. @throws {CommandFailed} when nobody is */
  async account(): Promise<Account> {
    if (this.#account !== undefined) return this.#account;
    const { server, account } = await this.saved();
    const notes = new FileNotes(this.home, server);
    await notes.check();
    this.#account = this.connect(server, notes).resume(account);
    return this.#account;
  }

  async saved(): Promise<VaultContents> {
    const contents = await (await this.vault()).read();
    if (contents !== undefined) return contents;
    throw new CommandFailed('login', 'NOT_LOGGED_IN', {
      what: 'You are not logged in.',
      why: 'No session is saved here.',
      remedy: 'nightvault login, or nightvault signup if you have no account yet.',
    });
  }

  /** The address of who is logged in, if anybody is. */
  async ownAddress(): Promise<string | undefined> {
    return (await this.#earlier())?.account.email;
  }

  /**
   * Keeps a new session, and ends the one that is saved, as far as its server can be reached.
   * @returns whose that was, if there was one
   */
  async replace(account: Account, server: string): Promise<string | undefined> {
    const before = await this.#earlier();
    await before?.account
      .logOut({ signal: AbortSignal.any([this.signal, AbortSignal.timeout(3_000)]) })
      .catch(() => {});
    this.signal.throwIfAborted();
    await this.#remember(account, server, before);
    return before?.account.email;
  }

  /** Keeps a session for the commands to come. */
  async remember(account: Account, server: string): Promise<void> {
    await this.#remember(account, server, await this.#earlier());
  }

  async #remember(account: Account, server: string, before: Earlier | undefined): Promise<void> {
    const same = before?.server === server && before.account.id === account.id;
    await (await this.vault()).write({ server, account: account.save(), groups: same ? before.groups : {} });
    this.#account = account;
  }

  async #earlier(): Promise<Earlier | undefined> {
    const contents = await this.#savedIfUsable();
    try {
      return contents && { ...contents, account: this.connect(contents.server).resume(contents.account) };
    } catch {
      return undefined;
    }
  }

  /** For who is about to log in, to whom a session that cannot be opened is as good as none. */
  async #savedIfUsable(): Promise<VaultContents | undefined> {
    return (await this.vault()).read().catch(() => undefined);
  }

  /** A group whose keys are saved here, without a call; else as the server lists it. */
  async group(id: string): Promise<Group> {
    const account = await this.account();
    const { groups } = await this.saved();
    if (groups[id] !== undefined) return account.groups.resume(groups[id]);
    const group = await account.groups.open(id, { signal: this.signal });
    await this.keep(group);
    return group;
  }

  /** Saves a group's keys as they are now. */
  async keep(group: Group): Promise<void> {
    const vault = await this.vault();
    const contents = await this.saved();
    const now = JSON.parse(JSON.stringify(group.save()));
    if (JSON.stringify(contents.groups[group.id]) === JSON.stringify(now)) return;
    await vault.write({ ...contents, groups: { ...contents.groups, [group.id]: now } });
  }

  /** Has no keys of a group any more. */
  async forget({ id }: Group): Promise<void> {
    const { groups, ...contents } = await this.saved();
    const { [id]: _forgotten, ...others } = groups;
    await (await this.vault()).write({ ...contents, groups: others });
  }

  /** @param question a sentence that can be answered with yes @throws {CommandFailed} when it is not */
  async sure(question: string, said: boolean): Promise<void> {
    if (said) return;
    if (!this.world.asking.possible) {
      throw usage('That was not confirmed.', 'Nobody can be asked here.', 'Say --yes if you are sure.');
    }
    if (await this.world.asking.sure(question)) return;
    throw usage('Nothing was done.', 'You did not confirm it.', 'Run the command again if you want it after all.');
  }
}
