import * as z from 'zod';
import { type FieldError, type ProblemCode, problems } from '../shared/protocol/problems.ts';

/** RFC 9457 document as a client reads it: a newer server may know codes that this program does not. */
const problemDocument = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ReceivedProblem = z.infer<typeof problemDocument>;

/** The problem document in a text, if it is one. */
export function readProblem(text: string): ReceivedProblem | undefined {
  try {
    return problemDocument.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The server refused a call. The message is its `detail`; `problem` is the whole document. */
export class CallFailed extends Error {
  /** The stable part: what programs switch on. */
  readonly code: ProblemCode;
  readonly problem: ReceivedProblem;

  constructor(code: ProblemCode, problem: ReceivedProblem) {
    super(problem.detail);
    this.name = 'CallFailed';
    this.code = code;
    this.problem = problem;
  }

  /** The fields that are wrong, where some are. */
  get errors(): readonly FieldError[] {
    return this.problem.errors ?? [];
  }
}

/** The server refused a call for a reason that this program is too old to know: `problem.code`. The message is its `detail`. */
export class ProblemUnknown extends Error {
  static readonly code = 'PROBLEM_UNKNOWN';
  readonly code = ProblemUnknown.code;
  readonly problem: ReceivedProblem;

  constructor(problem: ReceivedProblem) {
    super(problem.detail);
    this.name = 'ProblemUnknown';
    this.problem = problem;
  }
}

/** What to throw for a problem document. */
export function failureOf(problem: ReceivedProblem): CallFailed | ProblemUnknown {
  const { code } = problem;
  return isProblemCode(code) ? new CallFailed(code, problem) : new ProblemUnknown(problem);
}

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code);

/** No answer came, however often the call was sent. It is not known whether the call took effect. */
export class Unreachable extends Error {
  static readonly code = 'UNREACHABLE';
  readonly code = Unreachable.code;

  constructor(origin: string, cause: unknown) {
    super(`No answer from ${origin}.`, { cause });
    this.name = 'Unreachable';
  }
}

/** An answer came that this protocol does not have: another program or a proxy answered, or a much newer server. */
export class AnswerUnreadable extends Error {
  static readonly code = 'ANSWER_UNREADABLE';
  readonly code = AnswerUnreadable.code;

  /** @param reason what was wrong with it; holds no value of it */
  constructor(url: string, reason: string) {
    super(`The answer of ${url.split('?')[0]} is not one of Nightvault's (${reason}).`);
    this.name = 'AnswerUnreadable';
  }
}

/** The server asks for cryptography that this program does not know or finds too weak. Nothing was derived or sent. */
export class ProfileRefused extends Error {
  static readonly code = 'PROFILE_REFUSED';
  readonly code = ProfileRefused.code;

  constructor(profile: string) {
    super(`The server wants the profile "${profile}", which is unknown or too weak. The passphrase was not used.`);
    this.name = 'ProfileRefused';
  }
}

/** A resource is encrypted under a group key that this session does not hold. */
export class GroupKeyMissing extends Error {
  static readonly code = 'GROUP_KEY_MISSING';
  readonly code = GroupKeyMissing.code;

  constructor(groupId: string, keyEpoch: number) {
    super(`There is no key of epoch ${keyEpoch} for the group ${groupId} here.`);
    this.name = 'GroupKeyMissing';
  }
}

/** A key was not taken for that of the person it is said to belong to. Nothing was wrapped to it. */
export class FingerprintRefused extends Error {
  static readonly code = 'FINGERPRINT_REFUSED';
  readonly code = FingerprintRefused.code;

  constructor(email: string, fingerprint: string) {
    super(`The key with the fingerprint ${fingerprint} was not taken for that of ${email}. Nothing was given to it.`);
    this.name = 'FingerprintRefused';
  }
}

/** What this program saved an earlier time cannot be gone on with. Nothing was sent. */
export class SavedStateUnusable extends Error {
  static readonly code = 'SAVED_STATE_UNUSABLE';
  readonly code = SavedStateUnusable.code;

  /** @param why as a sentence without its full stop; holds nothing of it @param remedy what to do, likewise */
  constructor(why: string, remedy: string) {
    super(`What was saved cannot be used: ${why}. ${remedy}.`);
    this.name = 'SavedStateUnusable';
  }
}

/** What is to be written all at once does not fit one call. Nothing was written. */
export class PushTooLarge extends Error {
  static readonly code = 'PUSH_TOO_LARGE';
  readonly code = PushTooLarge.code;

  /** @param fitting how many did @param bytes the most that one call takes */
  constructor(fitting: number, bytes: number) {
    super(
      `A transaction is one call, and after ${fitting} changes one of at most ${bytes} bytes is full. Write less at once.`,
    );
    this.name = 'PushTooLarge';
  }
}

/** Something is larger than the largest blob this server takes. Nothing was sent. */
export class BlobTooLarge extends Error {
  static readonly code = 'BLOB_TOO_LARGE';
  readonly code = BlobTooLarge.code;

  /** @param size in bytes, as far as it was read @param most bytes that a blob may have */
  constructor(size: number, most: number) {
    super(`This has ${size} bytes or more, and a blob may have ${most}.`);
    this.name = 'BlobTooLarge';
  }
}

/** What was to be uploaded gave other bytes when it was read again. Nothing of the other bytes was sent. */
export class SourceChanged extends Error {
  static readonly code = 'SOURCE_CHANGED';
  readonly code = SourceChanged.code;

  constructor() {
    super('The source was changed while it was being uploaded. Upload it again.');
    this.name = 'SourceChanged';
  }
}
