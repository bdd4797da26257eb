import type {
  BlobTampered,
  HexInvalid,
  KdfBelowFloor,
  KeyMalformed,
  KeyPairMismatched,
  KeyUnwrapFailed,
  MessageMalformed,
  MessageMisplaced,
  MessageTampered,
  PublicValueOutOfRange,
  ScramblerZero,
  ServerProofWrong,
  TextNotWellFormed,
} from '../shared/crypto/errors.ts';
import type {
  AnswerUnreadable,
  BlobTooLarge,
  CallFailed,
  FingerprintRefused,
  GroupKeyMissing,
  ProblemUnknown,
  ProfileRefused,
  PushTooLarge,
  SavedStateUnusable,
  SourceChanged,
  Unreachable,
} from './failures.ts';
import type {
  AnswerContradictory,
  GroupKeyChanged,
  GroupKeyReused,
  GroupNotOpen,
  GroupRefused,
  GroupRolledBack,
  KeyEpochWentBack,
  LimitsRefused,
  PersonUnverified,
  PublicKeyChanged,
  ResourceRefused,
  VersionChanged,
} from './refusals.ts';

export {
  BlobTampered,
  HexInvalid,
  KdfBelowFloor,
  KeyMalformed,
  KeyPairMismatched,
  KeyUnwrapFailed,
  MessageMalformed,
  MessageMisplaced,
  MessageTampered,
  PublicValueOutOfRange,
  ScramblerZero,
  ServerProofWrong,
  TextNotWellFormed,
} from '../shared/crypto/errors.ts';
export {
  AnswerUnreadable,
  BlobTooLarge,
  CallFailed,
  FingerprintRefused,
  GroupKeyMissing,
  ProblemUnknown,
  ProfileRefused,
  PushTooLarge,
  type ReceivedProblem,
  SavedStateUnusable,
  SourceChanged,
  Unreachable,
} from './failures.ts';
export {
  AnswerContradictory,
  GroupKeyChanged,
  GroupKeyReused,
  GroupNotOpen,
  GroupRefused,
  GroupRolledBack,
  KeyEpochWentBack,
  LimitsRefused,
  PersonUnverified,
  PublicKeyChanged,
  ResourceRefused,
  VersionChanged,
} from './refusals.ts';

/**
 * Everything that this client throws, but a `TypeError` for a wrong use and the reason of an aborted signal. One class a
 * meaning, and `code` is a literal: a `switch` on it can be exhaustive. The codes of `CallFailed` are the server's.
 */
export type NightvaultError =
  | CallFailed
  | ProblemUnknown
  | Unreachable
  | AnswerUnreadable
  | ProfileRefused
  | SavedStateUnusable
  | PushTooLarge
  | BlobTooLarge
  | SourceChanged
  | BlobTampered
  | GroupKeyMissing
  | GroupNotOpen
  | FingerprintRefused
  | PublicKeyChanged
  | PersonUnverified
  | GroupRolledBack
  | KeyEpochWentBack
  | GroupKeyChanged
  | GroupKeyReused
  | GroupRefused
  | ResourceRefused
  | VersionChanged
  | AnswerContradictory
  | LimitsRefused
  | HexInvalid
  | TextNotWellFormed
  | MessageMalformed
  | MessageMisplaced
  | MessageTampered
  | KeyMalformed
  | KeyUnwrapFailed
  | KeyPairMismatched
  | KdfBelowFloor
  | PublicValueOutOfRange
  | ScramblerZero
  | ServerProofWrong;
