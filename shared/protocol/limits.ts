/** Bytes of content in one chunk document of a blob: with its key and field name it stays under Firestore's 1 MiB. */
export const blobChunkBytes = 960 * 1024;

/** Sizes and times that clients must know. Bytes, milliseconds and counts; published by `configuration`. */
export const limits = {
  /** A request body after decompression, for functions that carry no content. */
  bodyBytes: 64 * 1024,
  /** The same for those that carry many wrapped keys. */
  keysBodyBytes: 256 * 1024,
  /** A `changes-push` body after decompression. */
  pushBodyBytes: 4 * 1024 * 1024,
  /** A Pub/Sub push, as JSON. Pub/Sub itself takes messages up to 10 MB; ours are small. */
  pushEnvelopeBytes: 1024 * 1024,
  /** Changes in one push. */
  pushChanges: 200,
  /**
   * UTF-8 bytes of the ids, types, names and contents of one push. Each is written twice, as what stands and as a
   * version of the history, and with its bookkeeping and answer that fits one commit, on the emulator (4 MiB) too.
   */
  pushContentBytes: 1_420_000,
  /** UTF-8 bytes of one inline `encContent`; more goes into a blob. A Firestore document holds 1 MiB in all. */
  inlineContentBytes: 700_000,
  /** JSON bytes of the rows that the answer to one push holds for its conflicts; further ones come by a pull. */
  conflictRowBytes: 800_000,
  /** Blobs that one resource refers to. */
  resourceBlobs: 16,
  /** Blobs that all changes of one push refer to. */
  pushBlobs: 100,
  /** Changes in one page of a pull, at most and unless asked otherwise. */
  pullChanges: 500,
  pullDefault: 100,
  /** UTF-8 bytes of content after which a page of a pull ends early. */
  pullContentBytes: 4 * 1024 * 1024,
  /** Versions in one page of a history, at most and unless asked otherwise. */
  historyVersions: 100,
  historyDefault: 20,
  /** Events in one page of an audit, at most and unless asked otherwise. */
  auditEvents: 200,
  auditDefault: 50,
  /** Characters of a session's label. */
  sessionLabelCharacters: 100,
  /** Bytes of every part of a blob but the last, which may be shorter. */
  blobPartBytes: 8 * blobChunkBytes,
  /** Parts of one blob, and so its size: 240 MiB. */
  blobParts: 32,
  /** Members of one group: a key rotation rewrites all their links in one commit. */
  groupMembers: 200,
  /** Groups that the deletion of an account says something about, and those that one refusal of it lists. */
  departingGroups: 1_000,
  departingGroupsListed: 50,
  /** Old keys that come with one link, and groups in one sync-check. */
  linkOldKeys: 400,
  syncCheckGroups: 200,
  /**
   * Members of one team, and groups, deleted ones included until they are purged: removing a member revokes all their
   * links in one commit of at most 500 writes. A personal team may have any number of groups.
   */
  teamMembers: 200,
  teamGroups: 100,
  /** Teams of one account, the personal one included. */
  accountTeams: 50,
  /** Groups of which one page of team-waiting tells. */
  waitingGroups: 20,
  /** Old keys that come with one invite-confirm, for all its groups. */
  confirmOldKeys: 200,
  /** Invites of one team, and to one address, that invite-list tells of: the newest. */
  listedInvites: 100,
  /** Group keys granted in one `rekey-confirm`, and admins told by mail of one reset. */
  rekeyItems: 50,
  rekeyMails: 100,
  /** Mails in one page for operators, in one answer to their recipient, and in one replay. */
  mailPage: 100,
  ownMails: 20,
  mailReplays: 100,
  /** Hex characters of the SHA-256 of an address by which operators know a mail's recipient again. */
  recipientCharacters: 16,
  /** Of a breach notice: what it says, and the accounts it can name. */
  noticeSubjectCharacters: 150,
  noticeParagraphs: 12,
  noticeParagraphCharacters: 2_000,
  noticeAccounts: 500,
  /** Of usage events: bytes of a batch and of one event, both as JSON, events in a batch, and how deep one may nest. */
  analyticsBatchBytes: 500 * 1024,
  analyticsEventBytes: 32 * 1024,
  analyticsBatchEvents: 2_500,
  analyticsDepth: 10,
  /** Characters of an id in a usage event. */
  analyticsIdCharacters: 200,
  /** Days in one report of usage. */
  analyticsReportDays: 92,
  nameCharacters: 1000,
  emailCharacters: 254,
  idempotencyKeyCharacters: 255,
} as const;

const minute = 60_000;
const day = 24 * 60 * minute;

/** How long things live, in milliseconds. */
export const lifetimes = {
  /** From its last use on. */
  session: 56 * day,
  /** How far behind the last use on record may be: one write a day and session. */
  sessionUse: day,
  auditEvent: 365 * day,
  handshake: 2 * minute,
  verificationToken: day,
  passphraseCode: 60 * minute,
  /** Until when an invite can be accepted, and how long it is remembered after that, or after it was answered. */
  invite: 7 * day,
  inviteRecord: 30 * day,
  emailChange: 60 * minute,
  deletionCode: 60 * minute,
  idempotencyRecord: day,
  outboxMessage: 90 * day,
  /** Usage events, and what is counted of them. */
  analyticsEvent: 90 * day,
  /** What is written in place of something else, so that addresses cost alike. */
  decoy: 60 * minute,
  /** An upload that gets no further part, and a blob that no resource refers to. */
  idleBlob: day,
} as const;
