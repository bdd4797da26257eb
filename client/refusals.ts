/** The key of somebody is another than the one this program knows. Nothing was given to it. */
export class PublicKeyChanged extends Error {
  static readonly code = 'PUBLIC_KEY_CHANGED';
  readonly code = PublicKeyChanged.code;

  /** @param known fingerprint of the key that was trusted @param offered fingerprint of the one the server shows now */
  constructor(email: string, known: string, offered: string) {
    super(
      `The key of ${email} was ${known} and is now ${offered}. That happens when a passphrase is reset, and when a ` +
        'server lies: ask its owner, then trust the new fingerprint. Nothing was given to it.',
    );
    this.name = 'PublicKeyChanged';
  }
}

/** The server names somebody whose key nobody has compared here. Nothing was given to it. */
export class PersonUnverified extends Error {
  static readonly code = 'PERSON_UNVERIFIED';
  readonly code = PersonUnverified.code;

  constructor(email: string, fingerprint: string) {
    super(
      `The server says that ${email} with the key ${fingerprint} is a member; this program has never seen that key. ` +
        'Compare the fingerprint with its owner, and say so with `compare`. Nothing was given to it.',
    );
    this.name = 'PersonUnverified';
  }
}

/** A group is behind where it has been: the server was set back, or hides what was written. */
export class GroupRolledBack extends Error {
  static readonly code = 'GROUP_ROLLED_BACK';
  readonly code = GroupRolledBack.code;

  constructor(groupId: string, known: number, offered: number) {
    super(`The group ${groupId} was at revision ${known}, and the server says that it is at ${offered}.`);
    this.name = 'GroupRolledBack';
  }
}

/** A group is said to have a key older than the one it had. Nothing was encrypted under it. */
export class KeyEpochWentBack extends Error {
  static readonly code = 'KEY_EPOCH_WENT_BACK';
  readonly code = KeyEpochWentBack.code;

  constructor(groupId: string, known: number, offered: number) {
    super(`The key of the group ${groupId} was at epoch ${known}, and the server says that it is at ${offered}.`);
    this.name = 'KeyEpochWentBack';
  }
}

/** The key of a group's epoch is another than it was. Nothing was encrypted under it. */
export class GroupKeyChanged extends Error {
  static readonly code = 'GROUP_KEY_CHANGED';
  readonly code = GroupKeyChanged.code;

  constructor(groupId: string, keyEpoch: number) {
    super(`The server gave another key for epoch ${keyEpoch} of the group ${groupId} than before.`);
    this.name = 'GroupKeyChanged';
  }
}

/** Two groups, or two epochs of one, are said to have one key: keys are random, so it was put there. */
export class GroupKeyReused extends Error {
  static readonly code = 'GROUP_KEY_REUSED';
  readonly code = GroupKeyReused.code;

  constructor(groupId: string, otherId: string) {
    super(`The server gave one key for the group ${groupId} and again for the group ${otherId}.`);
    this.name = 'GroupKeyReused';
  }
}

/** One group of a list was not taken as it is. The others are not concerned. */
export class GroupRefused extends Error {
  static readonly code = 'GROUP_REFUSED';
  readonly code = GroupRefused.code;
  readonly groupId: string;
  /** Why: its `code` is the meaning. */
  override readonly cause: Error;

  constructor(groupId: string, cause: Error) {
    super(`The group ${groupId} was not opened: ${cause.message}`);
    this.name = 'GroupRefused';
    this.groupId = groupId;
    this.cause = cause;
  }
}

/** There is no group with this id that this account can open now. */
export class GroupNotOpen extends Error {
  static readonly code = 'GROUP_NOT_OPEN';
  readonly code = GroupNotOpen.code;

  /** @param state why, as far as the server says */
  constructor(groupId: string, state: 'unknown' | 'needs-rekey' | 'waiting-for-key') {
    super(
      state === 'unknown'
        ? `This account has no group ${groupId}.`
        : `The group ${groupId} waits for somebody who has its key to grant it to this account.`,
    );
    this.name = 'GroupNotOpen';
  }
}

/** What stands under one version of a resource is not what stood there, or an older version stands again. */
export class VersionChanged extends Error {
  static readonly code = 'VERSION_CHANGED';
  readonly code = VersionChanged.code;

  constructor(version: string) {
    super(`The version ${version} is older than one already seen, or has another content or key epoch than before.`);
    this.name = 'VersionChanged';
  }
}

/** One resource was not taken as it is. The others are not concerned. */
export class ResourceRefused extends Error {
  static readonly code = 'RESOURCE_REFUSED';
  readonly code = ResourceRefused.code;
  readonly groupId: string;
  readonly id: string;
  /** Why: its `code` is the meaning. */
  override readonly cause: Error;

  constructor(groupId: string, id: string, cause: Error) {
    super(`The resource ${id} of the group ${groupId} was refused: ${cause.message}`);
    this.name = 'ResourceRefused';
    this.groupId = groupId;
    this.id = id;
    this.cause = cause;
  }
}

/** An answer does not fit what was asked, or contradicts itself. Nothing of it was used. */
export class AnswerContradictory extends Error {
  static readonly code = 'ANSWER_CONTRADICTORY';
  readonly code = AnswerContradictory.code;

  /** @param name of the function @param what is wrong, as a sentence without its full stop */
  constructor(name: string, what: string) {
    super(`The answer of ${name} cannot be right: ${what}.`);
    this.name = 'AnswerContradictory';
  }
}

/** The server publishes a limit with which nothing could be done. */
export class LimitsRefused extends Error {
  static readonly code = 'LIMITS_REFUSED';
  readonly code = LimitsRefused.code;

  constructor(limit: string, least: number) {
    super(`The server's configuration gives no usable ${limit}: at least ${least} is needed.`);
    this.name = 'LimitsRefused';
  }
}
