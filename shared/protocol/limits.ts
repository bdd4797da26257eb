/** Sizes and times that clients must know. Bytes, milliseconds and counts; published by `configuration`. */
export const limits = {
  /** A request body after decompression, for functions that carry no content. */
  bodyBytes: 64 * 1024,
  /** A `changes-push` body after decompression. */
  pushBodyBytes: 4 * 1024 * 1024,
  /** A Pub/Sub push, as JSON. Pub/Sub itself takes messages up to 10 MB; ours are small. */
  pushEnvelopeBytes: 1024 * 1024,
  /** Changes in one push. */
  pushChanges: 200,
  /** UTF-8 bytes of all `encContent` of one push: with its bookkeeping it fits one commit, on the emulator (4 MiB) too. */
  pushContentBytes: 1_500_000,
  /** UTF-8 bytes of one inline `encContent`. A Firestore document holds 1 MiB in all. */
  inlineContentBytes: 700_000,
  /** Changes in one page of a pull, at most and unless asked otherwise. */
  pullChanges: 500,
  pullDefault: 100,
  /** UTF-8 bytes of content after which a page of a pull ends early. */
  pullContentBytes: 4 * 1024 * 1024,
  nameCharacters: 1000,
  emailCharacters: 254,
  idempotencyKeyCharacters: 255,
} as const;

const minute = 60_000;
const day = 24 * 60 * minute;

/** How long things live, in milliseconds. */
export const lifetimes = {
  session: 56 * day,
  handshake: 2 * minute,
  verificationToken: day,
  idempotencyRecord: day,
  outboxMessage: 90 * day,
} as const;
