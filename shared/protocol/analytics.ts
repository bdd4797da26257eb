import * as z from 'zod';
import { text, time } from './fields.ts';
import { limits } from './limits.ts';

export const analyticsChoice = z.enum(['on', 'off']);
export type AnalyticsChoice = z.infer<typeof analyticsChoice>;

/** The calls of the HTTP tracking API, by the path they are sent to. */
export const eventTypes = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const;
export type EventType = (typeof eventTypes)[number];

/** Why an event was not kept. Numbers of them are all that is. */
export const dropReasons = ['optedOut', 'signal', 'unlisted', 'malformed'] as const;
export type DropReason = (typeof dropReasons)[number];

const id = z.string().max(limits.analyticsIdCharacters).nullish();
const short = z.string().max(limits.analyticsIdCharacters).nullish();
const named = z.object({ name: short, version: short }).nullish();

export const instant = z
  .string()
  .max(40)
  .refine((value) => !Number.isNaN(Date.parse(value)), { message: 'must be a time in ISO 8601' });

/** One event as clients send it. Fields that are not here are not looked at. */
export const wireEvent = z
  .object({
    type: z.enum(eventTypes),
    messageId: z.string().min(1).max(limits.analyticsIdCharacters).nullish(),
    anonymousId: id,
    userId: id,
    timestamp: instant.nullish(),
    event: z.string().max(limits.analyticsIdCharacters).nullish(),
    name: z.string().max(limits.analyticsIdCharacters).nullish(),
    properties: z.record(z.string(), z.unknown()).nullish(),
    context: z.object({ app: named, os: named, library: named }).nullish(),
  })
  .refine(({ anonymousId, userId }) => Boolean(anonymousId || userId), {
    path: ['anonymousId'],
    message: 'must be given unless userId is',
  })
  .refine(({ type, event }) => type !== 'track' || Boolean(event), {
    path: ['event'],
    message: 'must be the name of what is tracked',
  });
export type WireEvent = z.output<typeof wireEvent>;

/** Headers by which a browser, or its user, says no: `DNT` (W3C Tracking Preference Expression), `Sec-GPC` (Global Privacy Control). */
const signals = { dnt: z.string().optional(), 'sec-gpc': z.string().optional() };

const errors = z.array(z.object({ path: z.string(), message: z.string() }));

const collected = z.object({
  success: z.literal(true),
  /** Events of the batch that are not well-formed, by their place in it. The others were taken. */
  rejected: z.array(z.object({ index: z.int(), errors })).optional(),
});

export const analyticsBatch = {
  input: z.object({
    ...signals,
    batch: z.array(z.unknown()).max(limits.analyticsBatchEvents),
    sentAt: instant.nullish(),
  }),
  output: collected,
};

export const analyticsEvent = {
  input: z.looseObject({ ...signals, sentAt: instant.nullish() }),
  output: z.object({ success: z.literal(true) }),
};

/** What a device calls itself in its events. Whoever knows it speaks for the device, so it travels in no URL. */
const anonymousId = text(limits.analyticsIdCharacters).min(1);

const preference = z.object({
  analytics: analyticsChoice,
  /** When it was chosen; null while the deployment's default holds. */
  chosen: time.nullable(),
  /** Whether events of the past are still being erased. */
  erasing: z.boolean(),
});

const choosing = {
  analytics: analyticsChoice,
  /** Also erases what has been stored until now. */
  forget: z.boolean().default(false),
};

export const accountPreference = {
  get: { input: z.object({}), output: preference },
  put: { input: z.object(choosing), output: preference },
};

export const devicePreference = {
  get: { input: z.object({ 'anonymous-id': anonymousId }), output: preference },
  put: { input: z.object({ ...choosing, anonymousId }), output: preference },
};

/** A day in UTC, `2026-01-31`. */
export const day = z.iso.date({ error: 'must be a day, as in 2026-01-31' });

const counted = { count: z.int(), devices: z.int() };
const dropped = z.object(
  Object.fromEntries(dropReasons.map((reason) => [reason, z.int()])) as Record<DropReason, z.ZodInt>,
);

/** `devices` are distinct ones of one day, estimated to some percent; those of several days cannot be told apart. */
export const analyticsReport = {
  input: z.object({
    /** First and last day; the last 30 days unless given. */
    from: day.optional(),
    to: day.optional(),
  }),
  output: z.object({
    from: z.string(),
    to: z.string(),
    days: z.array(z.object({ day: z.string(), ...counted, dropped })),
    rows: z.array(z.object({ day: z.string(), event: z.string(), appVersion: z.string(), os: z.string(), ...counted })),
    /** The same rows by one dimension each. `devices` is the most of any day. */
    events: z.array(z.object({ event: z.string(), ...counted })),
    appVersions: z.array(z.object({ appVersion: z.string(), ...counted })),
    systems: z.array(z.object({ os: z.string(), ...counted })),
  }),
};
