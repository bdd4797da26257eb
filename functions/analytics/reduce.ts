import { check } from '../../shared/platform/operation.ts';
import type { Sealer } from '../../shared/platform/sealing.ts';
import { type WireEvent, wireEvent } from '../../shared/protocol/analytics.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { type FieldError, Problem } from '../../shared/protocol/problems.ts';
import { contextWords, type ListedEvent, listed, type PropertyRule, versionOf, wordOf } from './allow-list.ts';
import type { EventRow } from './row.ts';
import { subjects } from './subject.ts';
import { correctedTime } from './time.ts';

/** What becomes of an event: a row with only what the allow-list names; or nothing, and why. */
export type Reduced =
  | { readonly kind: 'row'; readonly row: EventRow }
  | { readonly kind: 'unlisted' }
  | { readonly kind: 'malformed'; readonly errors: readonly FieldError[] };

export interface Received {
  readonly receivedAt: number;
  readonly sentAt: number | undefined;
  /** Names an event that the client gave no message id. */
  readonly newId: () => string;
  readonly sealer: Sealer;
}

/** Everything of it that is not on the allow-list, or is no word, number or version, ends here. */
export async function reduceEvent(raw: unknown, received: Received): Promise<Reduced> {
  const event = wellFormed(raw);
  if (!('value' in event)) return { kind: 'malformed', errors: event.errors };
  const { value } = event;
  const entry = listed(value.type, value.event ?? value.name ?? '');
  if (entry === undefined) return { kind: 'unlisted' };
  const properties = keptProperties(value.properties ?? {}, entry);
  if ('errors' in properties) return { kind: 'malformed', errors: properties.errors };
  return { kind: 'row', row: await rowOf(value, entry, properties.kept, received) };
}

/** Depth and size first: what is too deep or too large is not walked through any further. */
function wellFormed(raw: unknown): { value: WireEvent } | { errors: readonly FieldError[] } {
  if (depthOf(raw, limits.analyticsDepth) > limits.analyticsDepth) {
    return { errors: [{ path: '', message: `must not nest deeper than ${limits.analyticsDepth} levels` }] };
  }
  if (Buffer.byteLength(JSON.stringify(raw) ?? '') > limits.analyticsEventBytes) {
    return { errors: [{ path: '', message: `must be at most ${limits.analyticsEventBytes} bytes of JSON` }] };
  }
  try {
    return { value: check(wireEvent, raw) };
  } catch (error) {
    if (error instanceof Problem) return { errors: error.members.errors as FieldError[] };
    throw error;
  }
}

/** Levels of objects and lists, or one more than `most`. Without recursion, so that no depth can break it. */
function depthOf(raw: unknown, most: number): number {
  let level: unknown[] = [raw];
  for (let depth = 0; ; depth += 1) {
    level = level.filter((value) => typeof value === 'object' && value !== null);
    if (level.length === 0 || depth > most) return depth;
    level = level.flatMap((value) => Object.values(value as object));
  }
}

function keptProperties(given: Readonly<Record<string, unknown>>, { properties }: ListedEvent) {
  const kept: Record<string, string | number | boolean> = {};
  const errors: FieldError[] = [];
  for (const [name, rule] of Object.entries(properties)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null) continue;
    const fit = keep(rule, value);
    if (fit === undefined) errors.push({ path: `/properties/${name}`, message: wanted[rule.kind] });
    else kept[name] = fit;
  }
  return errors.length > 0 ? { errors } : { kept };
}

const wanted = {
  word: 'must be a text',
  count: 'must be a whole number from 0 on',
  flag: 'must be true or false',
} as const satisfies Record<PropertyRule['kind'], string>;

/** `undefined` for a value of the wrong type. */
function keep(rule: PropertyRule, value: unknown): string | number | boolean | undefined {
  switch (rule.kind) {
    case 'word':
      return typeof value === 'string' ? wordOf(rule.words, value === '' ? 'none' : value) : undefined;
    case 'count':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
  }
}

async function rowOf(
  { type, messageId, anonymousId, userId, timestamp, context }: WireEvent,
  { name }: ListedEvent,
  properties: NonNullable<EventRow['properties']>,
  { receivedAt, sentAt, newId, sealer }: Received,
): Promise<EventRow> {
  const subject = subjects(sealer);
  const { app, os, library } = context ?? {};
  return {
    eventId: await sealer.hash('analytics-id-key', 'event', messageId ?? newId()),
    type,
    event: name,
    timestamp: new Date(correctedTime(timestamp, { receivedAt, sentAt })).toISOString(),
    receivedAt: new Date(receivedAt).toISOString(),
    ...(anonymousId ? { anonymousId: await subject.anonymousId(anonymousId) } : {}),
    ...(userId ? { userId: await subject.userId(userId) } : {}),
    ...(app?.name ? { app: wordOf(contextWords.app, app.name) } : {}),
    ...(app?.version ? { appVersion: versionOf(app.version) } : {}),
    ...(os?.name ? { os: wordOf(contextWords.os, os.name) } : {}),
    ...(os?.version ? { osVersion: versionOf(os.version) } : {}),
    ...(library?.name ? { library: wordOf(contextWords.library, library.name) } : {}),
    ...(library?.version ? { libraryVersion: versionOf(library.version) } : {}),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
  };
}
