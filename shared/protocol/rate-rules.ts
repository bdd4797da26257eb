/** What a rule counts calls by: the caller's network address, its account, the e-mail address it names, or both. */
export type RateSubject = 'address' | 'account' | 'email' | 'email+address';

export interface RateRule {
  readonly name: string;
  readonly by: RateSubject;
  /** Calls allowed in one window. */
  readonly limit: number;
  readonly windowSeconds: number;
}

/**
 * Every rate rule, as data. Counted in Firestore, since functions scale out and memory is per instance.
 * A login is counted by address *and* account together, so that a stranger's guesses never lock the owner out.
 */
export const rateRules = {
  signUpByAddress: { name: 'account-create by address', by: 'address', limit: 60, windowSeconds: 3600 },
  signUpByEmail: { name: 'account-create by email', by: 'email', limit: 10, windowSeconds: 3600 },
  resendByEmail: { name: 'account-resend-verification by email', by: 'email', limit: 5, windowSeconds: 3600 },
  resendByAddress: { name: 'account-resend-verification by address', by: 'address', limit: 60, windowSeconds: 3600 },
  loginByEmailAndAddress: {
    name: 'login-finish by email and address',
    by: 'email+address',
    limit: 20,
    windowSeconds: 900,
  },
  passphraseCodeByAccount: { name: 'passphrase-code-send by account', by: 'account', limit: 5, windowSeconds: 3600 },
  passphraseChangeByAccount: { name: 'passphrase-change by account', by: 'account', limit: 20, windowSeconds: 3600 },
  analyticsPreferenceByAddress: {
    name: 'analytics-preference by address',
    by: 'address',
    limit: 120,
    windowSeconds: 3600,
  },
  publicKeyByAccount: { name: 'public-key-get by account', by: 'account', limit: 120, windowSeconds: 3600 },
} as const satisfies Record<string, RateRule>;
