import type { AnalyticsChoice, DropReason, EventType } from '../protocol/analytics.ts';
import { collection } from './database.ts';

/** A usage event as it is kept. Key: a keyed hash of the client's message id, so that one message is stored once. */
export interface StoredEvent {
  readonly type: EventType;
  readonly event: string;
  /** When it happened, by the client's clock as corrected. */
  readonly timestamp: number;
  readonly receivedAt: number;
  /** Keyed hashes of what the client sent. */
  readonly anonymousId: string | null;
  readonly userId: string | null;
  readonly app: string | null;
  readonly appVersion: string | null;
  readonly os: string | null;
  readonly osVersion: string | null;
  readonly library: string | null;
  readonly libraryVersion: string | null;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  readonly expiresAt: Date;
}

/** Events of one app version and one system, and a sketch of the devices they came from. */
export interface Cell {
  readonly count: number;
  readonly devices: Uint8Array;
}

/** One event on one day, as far as one shard has counted it. Key: day, event and shard. Shards are merged when read. */
export interface DailyCount {
  /** UTC, `2026-01-31`. */
  readonly day: string;
  readonly event: string;
  /** Key: app version and system, with a space between. */
  readonly cells: Readonly<Record<string, Cell>>;
  readonly expiresAt: Date;
}

/** Events not kept on one day for one reason, as far as one shard has counted them. Key: day, reason and shard. */
export interface DroppedCount {
  readonly day: string;
  readonly reason: DropReason;
  readonly count: number;
  readonly expiresAt: Date;
}

/** What an account or a device has chosen. Key: the keyed hash that its events carry. */
export interface AnalyticsPreference {
  readonly choice: AnalyticsChoice;
  readonly chosen: number;
  /** Which field of events holds the key. */
  readonly field: 'userId' | 'anonymousId';
  /** Events received until then are to be forgotten, wherever they still come from. */
  readonly forgottenUntil: number | null;
  /** When the sweeper next erases; null when nothing is left to erase. */
  readonly erasureDue: number | null;
  /** Only where the account is deleted. */
  readonly expiresAt?: Date;
}

export const analyticsEvents = collection<StoredEvent>('analyticsEvents');
export const analyticsDaily = collection<DailyCount>('analyticsDaily');
export const analyticsDropped = collection<DroppedCount>('analyticsDropped');
export const analyticsPreferences = collection<AnalyticsPreference>('analyticsPreferences');
