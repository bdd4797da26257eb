import { settingsFromEnvironment } from '../../../shared/platform/settings.ts';
import { rateRules } from '../../../shared/protocol/rate-rules.ts';

const env = {
  GOOGLE_CLOUD_PROJECT: 'demo-vault',
  NIGHTVAULT_BASE_URL: 'https://vault.example.com/',
  NIGHTVAULT_MAIL_FROM: 'Nightvault <vault@example.com>',
};

describe('settingsFromEnvironment', () => {
  it('fills in what need not be said', () => {
    expect(settingsFromEnvironment(env)).toEqual({
      projectId: 'demo-vault',
      databaseId: '(default)',
      baseUrl: 'https://vault.example.com',
      mailFrom: 'Nightvault <vault@example.com>',
      corsOrigins: [],
      trustedHops: 1,
      reportedRules: [],
      retentionDays: 30,
      groupQuotaBytes: 1024 ** 3,
      accountQuotaBytes: 5 * 1024 ** 3,
      analyticsDefault: 'off',
    });
  });

  it('collects usage events of accounts that have not chosen only where it is told so in words', () => {
    const of = (text: string) =>
      settingsFromEnvironment({ ...env, NIGHTVAULT_ANALYTICS_DEFAULT: text }).analyticsDefault;
    expect([of('on'), of('off'), of('')]).toEqual(['on', 'off', 'off']);
    expect(() => of('true')).toThrow('NIGHTVAULT_ANALYTICS_DEFAULT must be "on" or "off", not "true".');
  });

  it('splits the origins', () => {
    const settings = settingsFromEnvironment({
      ...env,
      NIGHTVAULT_CORS_ORIGINS: 'https://a.example.com, https://b.example.com',
    });
    expect(settings.corsOrigins).toEqual(['https://a.example.com', 'https://b.example.com']);
  });

  it.each([
    ['enforce', []],
    ['report', Object.values(rateRules).map(({ name }) => name)],
    [
      'report: login-finish by email, account-create by address',
      ['login-finish by email', 'account-create by address'],
    ],
  ])('reads %j as the rate rules that only report', (text, names) => {
    expect(settingsFromEnvironment({ ...env, NIGHTVAULT_RATE_LIMITS: text }).reportedRules).toEqual(names);
  });

  it.each(['off', 'enforce: login-finish by email', 'report: login-finish', 'report:', 'Report'])(
    'refuses %j for rate limits, which would leave rules as nobody expects',
    (text) => {
      expect(() => settingsFromEnvironment({ ...env, NIGHTVAULT_RATE_LIMITS: text })).toThrow(
        `The environment variable NIGHTVAULT_RATE_LIMITS must be "enforce", "report", or "report: " and names of rate rules (docs/rate-limits.md lists them), not "${text}".`,
      );
    },
  );

  it.each(['GOOGLE_CLOUD_PROJECT', 'NIGHTVAULT_BASE_URL', 'NIGHTVAULT_MAIL_FROM'])(
    'names %s when it is missing',
    (name) => {
      expect(() => settingsFromEnvironment({ ...env, [name]: '' })).toThrow(
        `The environment variable ${name} is not set: see docs/settings.md.`,
      );
    },
  );

  it.each([
    'NIGHTVAULT_TRUSTED_HOPS',
    'NIGHTVAULT_RETENTION_DAYS',
    'NIGHTVAULT_GROUP_QUOTA_BYTES',
    'NIGHTVAULT_ACCOUNT_QUOTA_BYTES',
  ])('refuses a %s that is no whole number', (name) => {
    for (const wrong of ['two', '-1', '1.5']) {
      expect(() => settingsFromEnvironment({ ...env, [name]: wrong })).toThrow(
        `The environment variable ${name} must be a whole number, not "${wrong}".`,
      );
    }
  });
});
