import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../../shared/protocol/changes.ts';
import type { Write } from '../../shared/store/database.ts';
import type { InProcessAnswer } from '../support/in-process.ts';
import type { Committed } from './explorer.ts';
import { barred, perform, type Request, type State } from './reference.ts';
import { BadSweep, swept } from './sweep.ts';

/** One call of one device, between which ticks, and what it committed. */
export interface Call {
  readonly device: string;
  readonly accountId: string;
  readonly start: number;
  readonly end: number;
  readonly answer: InProcessAnswer;
  readonly commits: readonly Committed[];
}

export interface RequestCall extends Call {
  readonly request: Request;
}

/** A run of the sweep over all groups. */
export interface SweepCall extends Call {
  readonly request?: undefined;
}

/** One page of a pull. Its cursors are read as the revisions they stand for. */
export interface PullCall extends Call {
  readonly groupId: string;
  readonly after: Place;
  readonly limit: number;
}

/** What a cursor stands for: told up to this revision, by a page that began at `from`, with so much purged before. */
export interface Place {
  readonly revision: number;
  readonly from: number;
  readonly purged: number;
}

export class Violation extends Error {
  constructor(what: string, ...facts: readonly unknown[]) {
    super(
      [what, ...facts.map((fact) => (typeof fact === 'string' ? fact : JSON.stringify(fact, printable, 1)))].join('\n'),
    );
    this.name = 'Violation';
  }
}

interface Effect extends Committed {
  readonly call: RequestCall | SweepCall;
  /** When the group's document was written that this commit took for the latest; in the order of time. */
  readonly basis: string;
}

/** Everything that was done, to all groups. */
export interface Done {
  readonly calls: readonly RequestCall[];
  readonly pulls: readonly PullCall[];
  readonly sweeps: readonly SweepCall[];
}

/**
 * Replays one group's commits, in the order they had, through the reference model: each must be answered as the model
 * answers, and every call without an effect as it would have been at some moment between its start and its end.
 * @returns the state at the end
 * @throws Violation
 */
export function replay(groupId: string, start: State, { calls, pulls, sweeps }: Done): State {
  const mine = calls.filter(({ request }) => request.input.groupId === groupId);
  for (const call of mine) {
    const count = effects(groupId, call).length;
    if (count > 1) throw new Violation(`${told(call)} took effect ${count} times`, call.request);
  }
  const chain = inOrder([...mine, ...sweeps].flatMap((call) => effects(groupId, call)));
  const states = [start];
  let state = start;
  for (const effect of chain) {
    state = effect.call.request === undefined ? afterSweep(groupId, state, effect) : afterCall(state, effect.call);
    states.push(state);
  }
  const moments = (call: Call) => {
    const first = chain.findLastIndex(({ done }) => done < call.start) + 1;
    const last = chain.findLastIndex(({ released }) => released < call.end) + 1;
    return states.slice(first, last + 1);
  };
  const withEffect = new Set<Call>(chain.map(({ call }) => call));
  for (const call of mine) if (!withEffect.has(call)) requireSome(call, moments(call));
  for (const call of pulls) if (call.groupId === groupId) requirePage(call, moments(call));
  return state;
}

function afterCall(state: State, call: RequestCall): State {
  const { answer, request, accountId } = call;
  const expected = perform(state, accountId, request, minted(answer));
  if (expected.code !== undefined) throw new Violation(`${told(call)}, but alone: ${expected.code}`, answer, request);
  if (answer.status >= 300 || !matches(answer.body, expected.body))
    throw new Violation(`${told(call)} committed, but alone it answers otherwise`, request, answer, expected.body);
  return expected.state;
}

function afterSweep(groupId: string, state: State, { writes }: Effect): State {
  try {
    return swept(groupId, state, writes);
  } catch (error) {
    if (error instanceof BadSweep) throw new Violation(error.message, writes, state);
    throw error;
  }
}

const told = ({ device, request, start, end }: RequestCall) => `${request.name} of ${device} (${start} to ${end})`;

/** Commits that wrote the group's head. */
function effects(groupId: string, call: RequestCall | SweepCall): Effect[] {
  return call.commits.flatMap((commit) => {
    const head = commit.writes.find(({ path }) => path === `groups/${groupId}`);
    return head === undefined ? [] : [{ ...commit, call, basis: basisOf(head) }];
  });
}

/** By what each commit was based on; by when they came back where one was based on nothing. */
function inOrder(effects: readonly Effect[]): Effect[] {
  const chained = effects.every(({ basis }) => basis !== '');
  return effects.toSorted((one, other) =>
    chained && one.basis !== other.basis ? (one.basis < other.basis ? -1 : 1) : one.done - other.done,
  );
}

function basisOf(write: Write): string {
  if (write.kind !== 'update' || typeof write.revision !== 'object' || write.revision === null) return '';
  const { revision } = write;
  if (!('seconds' in revision) || !('nanoseconds' in revision)) return '';
  return `${String(revision.seconds).padStart(12, '0')}.${String(revision.nanoseconds).padStart(9, '0')}`;
}

function minted({ body }: InProcessAnswer): readonly (string | null)[] {
  const { results, result } = body as { results?: { version: string | null }[]; result?: { version: string | null } };
  return (results ?? [result]).map((each) => each?.version ?? null);
}

function requireSome(call: RequestCall, moments: readonly State[]): void {
  const { answer, accountId, request } = call;
  const alone = moments.map((state) => perform(state, accountId, request, minted(answer)));
  const fits = alone.some(({ code, body, state }, index) =>
    code === undefined
      ? answer.status < 300 && state === moments[index] && matches(answer.body, body)
      : matches(answer.body, { code, ...body }),
  );
  if (fits || toldOfTwoMoments(call, moments)) return;
  throw new Violation(
    `${told(call)} fits no moment of the ${moments.length} it ran through`,
    request,
    answer,
    alone.map(({ code, body }) => ({ code, body })),
  );
}

/** A rotation reads the head, then the members: it may refuse for members who came after an epoch that is gone. */
function toldOfTwoMoments({ request, answer }: RequestCall, moments: readonly State[]): boolean {
  if (request.name !== 'group-rotate-key') return false;
  const { code } = answer.body as { code?: string };
  if (code !== 'MEMBERSHIP_CHANGED') return false;
  const named = request.input.links.map(({ accountId }) => accountId).toSorted();
  return moments.some(({ members }) => !isDeepStrictEqual([...members.keys()].toSorted(), named));
}

function requirePage(call: PullCall, moments: readonly State[]): void {
  const { answer, accountId, after, limit } = call;
  const page = answer.body as { changes: Resource[]; cursor: string; more: boolean; code?: string };
  const where = `A page of ${call.device} (${call.start} to ${call.end}, after ${after.revision}, limit ${limit})`;
  if (answer.status !== 200) {
    const expired = ({ purgedRevision }: State) => purgedRevision > Math.max(after.from, after.purged);
    const reason = (state: State) => barred(state, accountId, 'viewer') ?? (expired(state) ? 'CURSOR_EXPIRED' : '');
    if (moments.some((state) => reason(state) === page.code)) return;
    throw new Violation(`${where} was refused for no reason`, answer);
  }
  const { revision: reached } = placeOf(page.cursor);
  const fits = moments.some(({ rows, revision: head }) => {
    const waiting = [...rows.values()].filter(({ revision }) => revision > after.revision);
    const expected = waiting.toSorted((one, other) => one.revision - other.revision);
    const got = page.changes.map((row, index) => matches(row, expected[index] ?? { nothing: true }));
    const passedOver = expected.slice(page.changes.length).some(({ revision }) => revision <= reached);
    return page.changes.length <= limit && got.every(Boolean) && !passedOver && reached <= head;
  });
  const [first] = moments;
  const reachesStart = page.more || (first !== undefined && reached >= first.revision);
  if (!fits || !reachesStart || (page.more && reached === after.revision) || reached < after.revision) {
    throw new Violation(`${where} reached ${reached} and fits no moment it ran through`, page, [
      ...(first?.rows ?? []),
    ]);
  }
}

/** Reads a cursor: `VERSION.TAG.BASE64URL({g, r, f, p})`. */
export function placeOf(cursor: string | null): Place {
  if (cursor === null) return { revision: 0, from: 0, purged: Number.MAX_SAFE_INTEGER };
  const text = Buffer.from(cursor.split('.').at(-1) ?? '', 'base64url').toString('utf8');
  const { r, f, p } = JSON.parse(text) as { r: number; f: number; p: number };
  return { revision: r, from: f, purged: p };
}

/** Whether `actual` holds everything that `expected` does, and lists that are as long. */
export function matches(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return actual === expected;
  if (typeof actual !== 'object' || actual === null) return false;
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return false;
  const given = new Map(Object.entries(actual));
  return Object.entries(expected).every(([key, value]) => matches(given.get(key), value));
}

const printable = (_key: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);
