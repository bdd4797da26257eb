import type { Platform } from '../../shared/platform/context.ts';
import type { HttpRequest } from '../../shared/platform/http/message.ts';
import type { Log } from '../../shared/platform/log.ts';
import { turns } from '../../shared/platform/turns.ts';
import type { Change, ChangeResult, Resource } from '../../shared/protocol/changes.ts';
import type { Account } from '../support/accounts.ts';
import { bytesRequest, callInProcess, type InProcessAnswer, jsonRequest } from '../support/in-process.ts';
import type { Committed, Explorer } from './explorer.ts';
import { type PullCall, placeOf, type RequestCall, Violation } from './history.ts';
import type { Random } from './random.ts';
import type { Request } from './reference.ts';

/** What a device holds of one group. */
export interface Replica {
  cursor: string | null;
  readonly rows: Map<string, Resource>;
  /** Versions that came by pulls since the pulls began. */
  readonly pulled: Set<string>;
  /** Versions it has ever known, with their ids. */
  readonly known: Map<string, string>;
  keyEpoch: number;
  rotationRequired: boolean;
  deleted: boolean;
}

interface Setting {
  readonly name: string;
  readonly account: Account;
  readonly platform: Platform;
  readonly explorer: Explorer;
  readonly random: Random;
  readonly log: Log;
}

/** One device: a session, its own instance of the functions, and what it holds of each group. */
export class Device {
  readonly name: string;
  readonly account: Account;
  readonly random: Random;
  readonly replicas = new Map<string, Replica>();
  readonly calls: RequestCall[] = [];
  readonly pulls: PullCall[] = [];
  readonly #platform: Platform;
  readonly #explorer: Explorer;
  #commits: Committed[] = [];

  constructor({ name, account, platform, explorer, random, log }: Setting) {
    this.name = name;
    this.account = account;
    this.random = random;
    this.#explorer = explorer;
    this.#platform = {
      ...platform,
      log,
      turns: turns(),
      clock: { now: () => 1_800_000_000_000 + explorer.trace.length },
      random: (bytes) => random.bytes(bytes),
      database: explorer.database(name, platform.database, (commit) => void this.#commits.push(commit)),
    };
  }

  replica(groupId: string): Replica {
    const known = this.replicas.get(groupId);
    if (known !== undefined) return known;
    const fresh: Replica = {
      cursor: null,
      rows: new Map(),
      pulled: new Set(),
      known: new Map(),
      keyEpoch: 1,
      rotationRequired: false,
      deleted: false,
    };
    this.replicas.set(groupId, fresh);
    return fresh;
  }

  /** A writing call, checked later; what its answer says of the group is learnt. */
  async ask(request: Request, idempotencyKey?: string): Promise<InProcessAnswer> {
    const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
    const call = await this.#timed(request.name, jsonRequest(request.input, { ...this.#session(), ...headers }));
    this.calls.push({ ...call, request });
    this.#learn(this.replica(request.input.groupId), request, call.answer);
    return call.answer;
  }

  /** The same call again, after an answer got lost: it must be answered as before and change nothing. */
  async askAgain(request: Request, idempotencyKey: string, first: InProcessAnswer): Promise<void> {
    const headers = { ...this.#session(), 'idempotency-key': idempotencyKey };
    const { answer, commits } = await this.#timed(request.name, jsonRequest(request.input, headers));
    const moved = commits.filter(({ writes }) => writes.some(({ path }) => path.startsWith('groups/')));
    if (answer.text !== first.text || answer.status !== first.status || !answer.replayed || moved.length > 0) {
      throw new Violation(`${this.name} repeated ${request.name}`, { first, answer, moved });
    }
  }

  /** A reading call. */
  async look(name: string, query: Readonly<Record<string, string>>): Promise<InProcessAnswer> {
    const { answer } = await this.#timed(name, bytesRequest('GET', query, new Uint8Array(), this.#session()));
    return answer;
  }

  /**
   * One page from where the replica stands.
   * @param lost - the answer does not arrive: nothing is learnt of it
   * @returns whether there is more, as there is where it must start again; `undefined` without access
   */
  async pullPage(groupId: string, limit: number, lost = false): Promise<boolean | undefined> {
    const replica = this.replica(groupId);
    const { cursor } = replica;
    const input = { groupId, limit, ...(cursor === null ? {} : { cursor }) };
    const call = await this.#timed('changes-pull', jsonRequest(input, this.#session()));
    this.pulls.push({ ...call, groupId, limit, after: placeOf(cursor) });
    const { code } = call.answer.body as { code?: string };
    if (code === 'CURSOR_EXPIRED') {
      replica.cursor = null;
      replica.pulled.clear();
      return true;
    }
    replica.deleted = code === 'GROUP_DELETED';
    if (code !== undefined) return undefined;
    const page = call.answer.body as { changes: Resource[]; cursor: string; more: boolean };
    if (lost) return page.more;
    // What it knew without a place in the order of changes may have been removed, and the removal forgotten.
    if (cursor === null) replica.rows.clear();
    for (const row of page.changes) {
      if (replica.pulled.has(row.version)) throw new Violation(`${this.name} got the same version twice`, row);
      replica.pulled.add(row.version);
      keep(replica, row);
    }
    replica.cursor = page.cursor;
    return page.more;
  }

  /** All rows, as one who knows nothing gets them. */
  async pullFromStart(groupId: string): Promise<Resource[]> {
    const rows: Resource[] = [];
    for (let cursor: string | undefined; ; ) {
      const input = { groupId, limit: 5, ...(cursor === undefined ? {} : { cursor }) };
      const { answer } = await this.#timed('changes-pull', jsonRequest(input, this.#session()));
      const page = answer.body as { changes: Resource[]; cursor: string; more: boolean };
      rows.push(...page.changes);
      if (!page.more) return rows;
      cursor = page.cursor;
    }
  }

  #session = () => ({ 'x-session-id': this.account.token });

  async #timed(name: string, request: HttpRequest) {
    this.#commits = [];
    const start = this.#explorer.tick();
    const answer = await callInProcess(name, request, this.#platform);
    const end = this.#explorer.tick();
    if (answer.status >= 500) throw new Violation(`${name} of ${this.name} answered ${answer.status}`, answer.text);
    return { device: this.name, accountId: this.account.accountId, start, end, answer, commits: this.#commits };
  }

  #learn(replica: Replica, request: Request, answer: InProcessAnswer): void {
    const { keyEpoch, rotationRequired, code } = answer.body as Learnt;
    replica.deleted = code === 'GROUP_DELETED';
    replica.keyEpoch = keyEpoch ?? replica.keyEpoch;
    replica.rotationRequired = rotationRequired ?? replica.rotationRequired;
    if (answer.status >= 300) return;
    switch (request.name) {
      case 'group-rotate-key':
        replica.rotationRequired = false;
        break;
      case 'changes-push': {
        const { results } = answer.body as { results: ChangeResult[] };
        for (const [index, result] of results.entries()) {
          const change = request.input.changes[index];
          if (change !== undefined) this.#acknowledge(replica, change, request.input.keyEpoch, result);
        }
        break;
      }
      case 'resource-restore': {
        const { result } = answer.body as { result: ChangeResult };
        if (result.current !== undefined) keep(replica, result.current);
        else if (result.status !== 'unchanged') replica.rows.delete(request.input.id);
        break;
      }
    }
  }

  #acknowledge(replica: Replica, change: Change, keyEpoch: number, result: ChangeResult): void {
    const { version, status, current } = result;
    if (current !== undefined) keep(replica, current);
    if (version === null || !['created', 'updated', 'removed'].includes(status)) return;
    const me = this.account.accountId;
    const { baseVersion: _, ...content } = change;
    const createdBy = replica.rows.get(change.id)?.createdBy ?? me;
    keep(replica, { ...content, version, keyEpoch, createdBy, lastEditedBy: me });
  }
}

/** What an answer may say of the group, beside what was asked. */
interface Learnt {
  readonly keyEpoch?: number;
  readonly rotationRequired?: boolean;
  readonly code?: string;
}

function keep(replica: Replica, row: Resource): void {
  replica.rows.set(row.id, row);
  replica.known.set(row.version, row.id);
}
