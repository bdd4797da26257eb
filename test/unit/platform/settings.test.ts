import { settingsFromEnvironment } from '../../../shared/platform/settings.ts';

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
    });
  });

  it('splits the origins', () => {
    const settings = settingsFromEnvironment({
      ...env,
      NIGHTVAULT_CORS_ORIGINS: 'https://a.example.com, https://b.example.com',
    });
    expect(settings.corsOrigins).toEqual(['https://a.example.com', 'https://b.example.com']);
  });

  it.each(['GOOGLE_CLOUD_PROJECT', 'NIGHTVAULT_BASE_URL', 'NIGHTVAULT_MAIL_FROM'])(
    'names %s when it is missing',
    (name) => {
      expect(() => settingsFromEnvironment({ ...env, [name]: '' })).toThrow(
        `The environment variable ${name} is not set: see docs/settings.md.`,
      );
    },
  );

  it('refuses hops that are no number', () => {
    expect(() => settingsFromEnvironment({ ...env, NIGHTVAULT_TRUSTED_HOPS: 'two' })).toThrow(
      'The environment variable NIGHTVAULT_TRUSTED_HOPS must be a whole number, not "two".',
    );
  });
});
