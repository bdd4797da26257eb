import type { AnalyticsChoice } from '../protocol/analytics.ts';
import { rateRules } from '../protocol/rate-rules.ts';

/** What the operator decides, read once per process. */
export interface Settings {
  readonly projectId: string;
  /** Firestore database id. */
  readonly databaseId: string;
  /** What stands before a function's name in its URL, without a slash at the end. Mail links start with it. */
  readonly baseUrl: string;
  readonly mailFrom: string;
  /** Origins that browsers may call from; `*` for any. */
  readonly corsOrigins: readonly string[];
  /** Proxies of ours that append to `X-Forwarded-For`: 1 on Cloud Functions, 2 behind a load balancer, 0 with none. */
  readonly trustedHops: number;
  /** Names of the rate rules that count and log what is too much, and refuse nothing. */
  readonly reportedRules: readonly string[];
  /** Days that what was replaced or removed can be had back. After them tombstones, history and deleted groups go. */
  readonly retentionDays: number;
  /** Bytes of content, history and blobs in one group. */
  readonly groupQuotaBytes: number;
  /** The same over all groups that one account has created. */
  readonly accountQuotaBytes: number;
  /** Whether usage events of accounts that have not chosen are collected. */
  readonly analyticsDefault: AnalyticsChoice;
}

const gibibyte = 1024 ** 3;

/** What a deployment gets that does not say otherwise. */
export const defaults: Pick<
  Settings,
  'reportedRules' | 'retentionDays' | 'groupQuotaBytes' | 'accountQuotaBytes' | 'analyticsDefault'
> = {
  reportedRules: [],
  retentionDays: 30,
  groupQuotaBytes: gibibyte,
  accountQuotaBytes: 5 * gibibyte,
  analyticsDefault: 'off',
};

/** The retention time in milliseconds. */
export const retention = ({ retentionDays }: Pick<Settings, 'retentionDays'>): number => retentionDays * 86_400_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error naming the variable that is missing or wrong */
export function settingsFromEnvironment(env: Environment): Settings {
  return {
    projectId: required(env, 'GOOGLE_CLOUD_PROJECT'),
    databaseId: env.NIGHTVAULT_DATABASE || '(default)',
    baseUrl: required(env, 'NIGHTVAULT_BASE_URL').replace(/\/+$/, ''),
    mailFrom: required(env, 'NIGHTVAULT_MAIL_FROM'),
    corsOrigins: (env.NIGHTVAULT_CORS_ORIGINS ?? '')
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
    trustedHops: wholeNumber(env, 'NIGHTVAULT_TRUSTED_HOPS', 1),
    reportedRules: reportedRules(env.NIGHTVAULT_RATE_LIMITS || 'enforce'),
    retentionDays: wholeNumber(env, 'NIGHTVAULT_RETENTION_DAYS', defaults.retentionDays),
    groupQuotaBytes: wholeNumber(env, 'NIGHTVAULT_GROUP_QUOTA_BYTES', defaults.groupQuotaBytes),
    accountQuotaBytes: wholeNumber(env, 'NIGHTVAULT_ACCOUNT_QUOTA_BYTES', defaults.accountQuotaBytes),
    analyticsDefault: analyticsDefault(env.NIGHTVAULT_ANALYTICS_DEFAULT || defaults.analyticsDefault),
  };
}

function required(env: Environment, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set: see docs/settings.md.`);
  return value;
}

function wholeNumber(env: Environment, name: string, fallback: number): number {
  const text = env[name];
  if (!text) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new Error(`The environment variable ${name} must be a whole number, not "${text}".`);
  return value;
}

function analyticsDefault(text: string): AnalyticsChoice {
  if (text === 'on' || text === 'off') return text;
  throw new Error(`The environment variable NIGHTVAULT_ANALYTICS_DEFAULT must be "on" or "off", not "${text}".`);
}

/** `enforce`, `report`, or `report: NAME, NAME`. A name that is not there would leave its rule enforced, so it is refused. */
function reportedRules(text: string): readonly string[] {
  const all = Object.values(rateRules).map(({ name }) => name as string);
  const [mode = '', names] = text.split(':').map((part) => part.trim());
  if (mode === 'enforce' && names === undefined) return defaults.reportedRules;
  if (mode === 'report' && names === undefined) return all;
  const reported = (names ?? '').split(',').map((name) => name.trim());
  if (mode === 'report' && reported.every((name) => all.includes(name))) return reported;
  throw new Error(
    `The environment variable NIGHTVAULT_RATE_LIMITS must be "enforce", "report", or "report: " and names of rate rules (docs/rate-limits.md lists them), not "${text}".`,
  );
}
