/** What a rule counts by: the caller's network, its account, the e-mail address it names, or that address and network. */
export type RateSubject = 'address' | 'account' | 'email' | 'email+address';

export interface RateRule {
  readonly name: string;
  /** What it counts, in words: `At most 60 sign-ups …`. */
  readonly counts: string;
  readonly by: RateSubject;
  /** How many are let through in one window. */
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Whether a rule refuses what is too much, or only counts and logs it. Each deployment decides. */
export type RateMode = 'enforce' | 'report';

/**
 * Every rate rule, as data. Counted in Firestore, since functions scale out and memory is per instance. The two of
 * login-finish count wrong logins only, over a sliding window: functions/login/attempts.ts says how, THREATS.md why.
 */
export const rateRules = {
  signUpByAddress: {
    name: 'account-create by address',
    counts: 'sign-ups',
    by: 'address',
    limit: 60,
    windowSeconds: 3600,
  },
  signUpByEmail: {
    name: 'account-create by email',
    counts: 'sign-ups',
    by: 'email',
    limit: 10,
    windowSeconds: 3600,
  },
  resendByEmail: {
    name: 'account-resend-verification by email',
    counts: 'verification mails',
    by: 'email',
    limit: 5,
    windowSeconds: 3600,
  },
  resendByAddress: {
    name: 'account-resend-verification by address',
    counts: 'verification mails',
    by: 'address',
    limit: 60,
    windowSeconds: 3600,
  },
  loginByEmailAndAddress: {
    name: 'login-finish by email and address',
    counts: 'wrong logins',
    by: 'email+address',
    limit: 5,
    windowSeconds: 900,
  },
  /** Slows only networks that have guessed wrong themselves and never logged in to this account. */
  loginByEmail: {
    name: 'login-finish by email',
    counts: 'wrong logins',
    by: 'email',
    limit: 30,
    windowSeconds: 900,
  },
  passphraseCodeByAccount: {
    name: 'passphrase-code-send by account',
    counts: 'mailed codes',
    by: 'account',
    limit: 5,
    windowSeconds: 3600,
  },
  passphraseChangeByAccount: {
    name: 'passphrase-change by account',
    counts: 'changes of the passphrase',
    by: 'account',
    limit: 20,
    windowSeconds: 3600,
  },
  resetByEmail: {
    name: 'passphrase-reset-start by email',
    counts: 'reset mails',
    by: 'email',
    limit: 5,
    windowSeconds: 3600,
  },
  resetByAddress: {
    name: 'passphrase-reset-start by address',
    counts: 'reset mails',
    by: 'address',
    limit: 60,
    windowSeconds: 3600,
  },
  resetTokenByAddress: {
    name: 'passphrase reset code by address',
    counts: 'uses of a reset code',
    by: 'address',
    limit: 120,
    windowSeconds: 3600,
  },
  emailChangeByAccount: {
    name: 'email-change-start by account',
    counts: 'changes of the address',
    by: 'account',
    limit: 5,
    windowSeconds: 3600,
  },
  emailChangeByEmail: {
    name: 'email-change-start by email',
    counts: 'changes to this address',
    by: 'email',
    limit: 5,
    windowSeconds: 3600,
  },
  emailConfirmByAddress: {
    name: 'email-change-confirm by address',
    counts: 'confirmed addresses',
    by: 'address',
    limit: 60,
    windowSeconds: 3600,
  },
  exportByAccount: {
    name: 'account-export by account',
    counts: 'exports',
    by: 'account',
    limit: 5,
    windowSeconds: 3600,
  },
  deletionCodeByEmail: {
    name: 'account-delete-code-send by email',
    counts: 'mailed codes',
    by: 'email',
    limit: 5,
    windowSeconds: 3600,
  },
  deletionCodeByAddress: {
    name: 'account-delete-code-send by address',
    counts: 'mailed codes',
    by: 'address',
    limit: 60,
    windowSeconds: 3600,
  },
  deletionByAddress: {
    name: 'account-delete by address',
    counts: 'deletions of accounts',
    by: 'address',
    limit: 60,
    windowSeconds: 3600,
  },
  analyticsPreferenceByAddress: {
    name: 'analytics-preference by address',
    counts: 'choices about usage events',
    by: 'address',
    limit: 120,
    windowSeconds: 3600,
  },
  publicKeyByAccount: {
    name: 'public-key-get by account',
    counts: 'look-ups of public keys',
    by: 'account',
    limit: 120,
    windowSeconds: 3600,
  },
  teamCreateByAccount: {
    name: 'team-create by account',
    counts: 'new teams',
    by: 'account',
    limit: 20,
    windowSeconds: 3600,
  },
  inviteByAccount: {
    name: 'invite-create by account',
    counts: 'invites',
    by: 'account',
    limit: 60,
    windowSeconds: 3600,
  },
  inviteByEmail: { name: 'invite-create by email', counts: 'invites', by: 'email', limit: 10, windowSeconds: 86_400 },
  inviteAnswerByAccount: {
    name: 'invite-accept by account',
    counts: 'answers to invites',
    by: 'account',
    limit: 60,
    windowSeconds: 3600,
  },
} as const satisfies Record<string, RateRule>;
