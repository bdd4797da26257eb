/**
 * Every way a call can fail, once. The code is the stable part: programs switch on it, `detail` is for people.
 * Answers are RFC 9457 problem documents; `type` is `urn:nightvault:problem:CODE`, explained in docs/problems.md.
 */
export const problems = {
  MALFORMED_JSON: { status: 400, title: 'The body is not JSON', help: 'Send one JSON object, encoded as UTF-8.' },
  INVALID_INPUT: {
    status: 400,
    title: 'A field is missing or wrong',
    help: '`errors` names each field by its JSON pointer and says what it must be.',
  },
  BAD_ENCODING: {
    status: 400,
    title: 'The body cannot be decompressed',
    help: 'Send plain JSON or one well-formed gzip stream with `Content-Encoding: gzip`.',
  },
  EVENTS_TOO_LARGE: {
    status: 400,
    title: 'Too much for one call',
    help: '`limit` is the most that one call to this path takes, in bytes after decompression. Send fewer or smaller events; the same ones again will be refused again.',
  },
  CURSOR_INVALID: {
    status: 400,
    title: 'The cursor is not one of ours',
    help: 'Send a cursor exactly as the last answer gave it, to the group it came from; or none, to start again.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'No valid session',
    help: 'Log in, then send the session key as `Authorization: Bearer TOKEN` or `X-Session-Id: TOKEN`.',
  },
  WRITE_KEY_INVALID: {
    status: 401,
    title: 'No valid write key',
    help: 'Send the write key of this deployment as user name of Basic authentication, with an empty password, or as `writeKey` in the body. Its operator has it.',
  },
  LOGIN_FAILED: {
    status: 401,
    title: 'Login failed',
    help: 'The address, the passphrase or the handshake is wrong or too old. Start again with login-start.',
  },
  EMAIL_NOT_VERIFIED: {
    status: 403,
    title: 'The address is not verified yet',
    help: 'Open the link in the verification mail; account-resend-verification sends another.',
  },
  PROOF_FAILED: {
    status: 403,
    title: 'That does not prove that the account is yours',
    help: 'The passphrase, the handshake or the code is wrong, used or too old. Begin again with login-start, or ask for another code.',
  },
  ROLE_REQUIRED: {
    status: 403,
    title: 'Your role in this group or team does not allow that',
    help: '`required` is the role that does, `role` is yours. An admin of the group or team can change it.',
  },
  KEY_NOT_GRANTED: {
    status: 403,
    title: 'You have no key to this group yet',
    help: 'The group belongs to a team of yours, but nobody has wrapped its key to you. group-list says in `grantedBy` who can: ask one of them.',
  },
  FUNCTION_NOT_FOUND: { status: 404, title: 'There is no such function', help: 'docs/functions.md lists them all.' },
  PAGE_FILE_NOT_FOUND: {
    status: 404,
    title: 'No page has such a file',
    help: 'Another version of the pages is deployed by now. Load the page again: it names the files that it needs.',
  },
  ACCOUNT_NOT_FOUND: {
    status: 404,
    title: 'No such account',
    help: 'No verified account has this address. Check it, or invite its owner.',
  },
  GROUP_NOT_FOUND: {
    status: 404,
    title: 'No such group',
    help: 'The group does not exist, or you have no link to it: the answer is the same. group-list has those you have; an admin of the group can give you a link with link-create.',
  },
  TEAM_NOT_FOUND: {
    status: 404,
    title: 'No such team',
    help: 'The team does not exist, or you are no member of it: the answer is the same. team-list has those you are in; an admin of the team can invite you with invite-create.',
  },
  MEMBER_NOT_FOUND: { status: 404, title: 'That account is not a member of the team', help: 'See team-members.' },
  INVITE_NOT_FOUND: {
    status: 404,
    title: 'No such invite',
    help: 'It does not exist, is for another address than the verified one of this account, or its code is another. See invite-list.',
  },
  LINK_NOT_FOUND: { status: 404, title: 'That account is not a member of the group', help: 'See link-list.' },
  SESSION_NOT_FOUND: {
    status: 404,
    title: 'No such session',
    help: 'It is not yours, or has ended. See session-list.',
  },
  RESOURCE_NOT_FOUND: {
    status: 404,
    title: 'No such resource',
    help: 'The group has never had a resource with this id, or it was removed longer ago than the retention time.',
  },
  VERSION_NOT_FOUND: {
    status: 404,
    title: 'No such version',
    help: 'The resource never had this version, or it was replaced longer ago than the retention time: see resource-history.',
  },
  BLOB_NOT_FOUND: {
    status: 404,
    title: 'No such blob',
    help: 'Nothing of this blob has been uploaded to this group, or it is gone. blob-upload starts it.',
  },
  NOTICE_NOT_FOUND: {
    status: 404,
    title: 'No such notice',
    help: 'No notice was started under this id; a dry run has none. breach-notice-start answers with it.',
  },
  LINK_NEEDS_REKEY: {
    status: 409,
    title: 'Your key to this group is gone',
    help: 'Your passphrase was reset. Somebody of `grantedBy` in group-list must grant you the key again; until then you can only look and leave.',
  },
  REKEY_NOT_NEEDED: {
    status: 409,
    title: 'That account does not wait for a key',
    help: 'Somebody has granted it already, or it has left. Read rekey-list again; nothing was changed.',
  },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Wrong method', help: '`allowed` lists the methods of this function.' },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: 'The first call with this Idempotency-Key is still running',
    help: 'Wait `Retry-After` seconds and send the same call again.',
  },
  KEY_EPOCH_STALE: {
    status: 409,
    title: 'The group key has been or must be rotated',
    help: '`keyEpoch` is the current epoch. If `rotationRequired`, an admin must call group-rotate-key first.',
  },
  KEYS_CHANGED: {
    status: 409,
    title: "The account's keys have changed meanwhile",
    help: 'Another device has set a new passphrase, or the account was reset. Nothing was changed: read session-whoami (rekey-list where the keys are not yours) again and start over from what it says.',
  },
  EMAIL_IN_USE: {
    status: 409,
    title: 'The address has an account already',
    help: 'Somebody has signed up or moved an account there meanwhile. Nothing was changed: log in as before, and choose another address.',
  },
  MEMBERSHIP_CHANGED: {
    status: 409,
    title: 'The members are not those you named',
    help: 'Read link-list again and wrap the new key for exactly those members: `missing` and `unexpected` tell which.',
  },
  LINK_EXISTS: { status: 409, title: 'That account is a member already', help: 'See link-list.' },
  PARENT_IN_USE: {
    status: 409,
    title: 'Another group of yours belongs to this parent',
    help: '`existing` is that group. Delete it first, or go on with it.',
  },
  BLOB_HASH_MISMATCH: {
    status: 409,
    title: 'The bytes are not those the blob id names',
    help: 'The blob id is the SHA-256 of all bytes. Nothing was kept: upload every part again.',
  },
  BLOB_INCOMPLETE: {
    status: 409,
    title: 'The blob is not there yet',
    help: '`missing` are the parts that are still to come; blob-upload takes them.',
  },
  BLOB_IN_USE: {
    status: 409,
    title: 'Resources still refer to the blob',
    help: '`references` versions name it, past ones included. It goes by itself with the last of them.',
  },
  GROUPS_NEED_CHOICE: {
    status: 409,
    title: 'It must be said what becomes of some groups',
    help: '`groups` lists those that would be left without an admin, with their other members. Name each in `groups` of the next call, to be deleted or to be transferred to one of its members whose link is active. Nothing was changed; a handshake is used up, a code is not.',
  },
  LAST_ADMIN: {
    status: 409,
    title: 'The last admin cannot go',
    help: 'Make somebody else admin of the group first with link-update, or delete the group with group-delete.',
  },
  LAST_TEAM_ADMIN: {
    status: 409,
    title: 'The last admin of a team cannot go',
    help: 'Make somebody else admin of the team first with team-member-role, or delete the team with team-delete.',
  },
  PERSONAL_TEAM: {
    status: 409,
    title: 'That does not go with a personal team',
    help: 'Nobody joins or leaves a personal team, and it is not deleted. Make a team with team-create.',
  },
  GROUPS_ORPHANED: {
    status: 409,
    title: 'Groups of the team would be left to nobody',
    help: 'For each of `groups` name in `handOver` one of its `holders` to become its admin, or null to delete it; or let its admin share it with an admin of the team first.',
  },
  TEAM_IN_USE: {
    status: 409,
    title: 'The team still has groups',
    help: '`groups` is how many. Delete each with group-delete first.',
  },
  MEMBER_EXISTS: { status: 409, title: 'That account is in the team already', help: 'See team-members.' },
  INVITE_NOT_ACCEPTED: {
    status: 409,
    title: 'Nobody has accepted this invite yet',
    help: 'There is nobody to wrap keys to. The invited is told by mail; invite-create sends another.',
  },
  FINGERPRINT_MISMATCH: {
    status: 409,
    title: "That is not the fingerprint of the person's key",
    help: 'The key has changed since it was read, as after a passphrase reset, or it is the key of somebody else. Nothing was given. Read invite-list again and compare the fingerprint with its owner anew.',
  },
  INVITE_OVER: {
    status: 410,
    title: 'The invite is over',
    help: '`state` says how: confirmed, revoked, declined or expired. An admin of the team can invite again with invite-create.',
  },
  TOKEN_EXPIRED: {
    status: 410,
    title: 'The link has been used or has expired',
    help: 'Ask for a new mail: account-resend-verification for an address, email-change-start for a new one, passphrase-reset-start for a passphrase.',
  },
  CURSOR_EXPIRED: {
    status: 410,
    title: 'The cursor is too old',
    help: 'Removals it has not seen are no longer kept. Pull again from the start, without a cursor, and drop what does not come.',
  },
  GROUP_DELETED: {
    status: 410,
    title: 'The group has been deleted',
    help: 'An admin can bring it back with group-restore until `restorableUntil`.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The body is too large',
    help: '`limit` is the most this function takes, in bytes after decompression. Send less at a time.',
  },
  QUOTA_EXCEEDED: {
    status: 413,
    title: 'That would be more than the quota',
    help: '`quota` names it, `limit`, `used` and `needed` are its numbers. Remove something, or ask the operator for more. What is removed counts until the retention time has passed.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The body has a type this function does not read',
    help: 'Send `Content-Type: application/json`, plain or with `Content-Encoding: gzip`.',
  },
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    title: 'The range lies beyond the end',
    help: '`size` is the number of bytes there are.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'This Idempotency-Key belongs to another call',
    help: 'A key names one operation with one body. Make a new key for a new operation.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many calls',
    help: 'Wait `Retry-After` seconds: the same call is let through then. `rule` names the limit; docs/rate-limits.md and `configuration` list them all.',
  },
  INTERNAL: {
    status: 500,
    title: 'Something broke on our side',
    help: 'Nothing was half-written. Try again; if it stays, give the operator the `requestId`.',
  },
  UNAVAILABLE: {
    status: 503,
    title: 'Too busy just now',
    help: 'Others write the same data at the same time, or a service behind us does not answer. Nothing was written: wait `Retry-After` seconds and send the same call again.',
  },
} as const satisfies Record<string, { status: number; title: string; help: string }>;

export type ProblemCode = keyof typeof problems;

/** A field that is wrong: a JSON pointer (RFC 6901) into the body or query, and what it must be. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** RFC 9457 document, as sent. Dynamic values of `detail` stand beside it as members of their own. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
  readonly [member: string]: unknown;
}

/** Thrown to answer with a problem document. `detail` must hold nothing secret: it is sent as it is. */
export class Problem<Code extends ProblemCode = ProblemCode> extends Error {
  readonly code: Code;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: Code, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.members = members;
  }

  /** The document to send; `requestId` ties it to the log. */
  document(requestId: string): ProblemDocument {
    const { status, title } = problems[this.code];
    return {
      ...this.members,
      type: problemType(this.code),
      title,
      status,
      detail: this.message,
      code: this.code,
      requestId,
    };
  }
}

export const problemType = (code: ProblemCode): string => `urn:nightvault:problem:${code}`;
