import * as z from 'zod';
import { counts, text, time } from './fields.ts';
import { limits } from './limits.ts';

export const analyticsChoice = z.enum(['on', 'off']).describe('Whether usage events are kept');
export type AnalyticsChoice = z.infer<typeof analyticsChoice>;

/** The calls of the HTTP tracking API, by the path they are sent to. */
export const eventTypes = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const;
export type EventType = (typeof eventTypes)[number];

/** Why an event was not kept. Numbers of them are all that is. */
export const dropReasons = ['optedOut', 'signal', 'unlisted', 'malformed'] as const;
export type DropReason = (typeof dropReasons)[number];

const id = z.string().max(limits.analyticsIdCharacters).nullish();
const short = z.string().max(limits.analyticsIdCharacters).nullish();
const app = z.object({ name: short, version: short }).nullish();

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
    context: z.object({ app, os: app, library: app }).nullish(),
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
const signals = {
  dnt: z.string().optional().describe('`1` says no: nothing is kept'),
  'sec-gpc': z.string().optional().describe('`1` says no: nothing is kept'),
};

const errors = z
  .array(z.object({ path: z.string().describe('JSON pointer to it'), message: z.string().describe('What it must be') }))
  .describe('What is wrong');

const taken = z.literal(true).describe('It was taken');
const sentAt = instant.nullish().describe('When the client sent it, by its own clock: ISO 8601');

const sample = { event: '<event>', anonymousId: '<anonymousId>' };

const collected = z.object({
  success: taken,
  rejected: z
    .array(z.object({ index: z.int().describe('Its place in the batch, counted from 0'), errors }))
    .optional()
    .describe('Events that are not well-formed; the others were taken'),
});

export const analyticsBatch = {
  input: z.object({
    ...signals,
    batch: z
      .array(z.unknown())
      .max(limits.analyticsBatchEvents)
      .meta({ description: 'Events, each as docs/analytics.md says', examples: [[{ type: 'track', ...sample }]] }),
    sentAt,
  }),
  output: collected,
};

export const analyticsEvent = {
  input: z.looseObject({ ...signals, sentAt }).meta({ examples: [sample] }),
  output: z.object({ success: taken }),
};

/** It travels in no URL. */
const anonymousId = text(limits.analyticsIdCharacters)
  .min(1)
  .describe('What the device calls itself in its events: whoever knows it speaks for the device');

const preference = z.object({
  analytics: analyticsChoice,
  chosen: time
    .nullable()
    .describe('When it was chosen: milliseconds since 1970; null while the deployment’s default holds'),
  erasing: z.boolean().describe('Whether events of the past are still being erased'),
});

const choosing = {
  analytics: analyticsChoice,
  forget: z.boolean().default(false).describe('Also erases what has been stored until now'),
};

export const accountPreference = {
  get: { input: z.object({}), output: preference },
  put: { input: z.object(choosing), output: preference },
};

export const devicePreference = {
  get: { input: z.object({ 'anonymous-id': anonymousId }), output: preference },
  put: { input: z.object({ ...choosing, anonymousId }), output: preference },
};

export const day = z.iso.date({ error: 'must be a day, as in 2026-01-31' }).describe('Day in UTC');

const counted = {
  count: z.int().describe('How many events'),
  devices: z
    .int()
    .describe('Distinct devices of one day, estimated to some percent; over several days, the most of any'),
};
const dropped: Readonly<Record<DropReason, string>> = {
  optedOut: 'Of accounts and devices that are out',
  signal: 'With `DNT` or `Sec-GPC`',
  unlisted: 'That are on no list',
  malformed: 'That are not well-formed',
};
const droppedCounts = counts(dropped).describe('Events that were not kept: how many, and why');
const named = z.string().describe('Name of the event');
const version = z.string().describe('Version of the app');
const system = z.string().describe('Operating system');
const ofDay = z.string().describe('Day in UTC');

export const analyticsReport = {
  input: z.object({
    from: day.optional().describe('First day in UTC; the last 30 days unless given'),
    to: day.optional().describe('Last day in UTC'),
  }),
  output: z.object({
    from: ofDay,
    to: ofDay,
    days: z.array(z.object({ day: ofDay, ...counted, dropped: droppedCounts })).describe('By day'),
    rows: z
      .array(z.object({ day: ofDay, event: named, appVersion: version, os: system, ...counted }))
      .describe('By day, event, version and system'),
    events: z.array(z.object({ event: named, ...counted })).describe('The same rows by event'),
    appVersions: z.array(z.object({ appVersion: version, ...counted })).describe('The same rows by version'),
    systems: z.array(z.object({ os: system, ...counted })).describe('The same rows by system'),
  }),
};
