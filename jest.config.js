import { existsSync } from 'node:fs';

/** Types are checked by `tsc -b`; here they are only stripped. */
const typescript = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
};

const suite = (name, more = {}) => ({
  ...typescript,
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  ...more,
});

const emulators = {
  globalSetup: './test/support/start-emulators.ts',
  globalTeardown: './test/support/stop-emulators.ts',
};

const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const browser = existsSync(chromium) ? [suite('browser', emulators)] : [];
if (browser.length === 0) {
  process.stderr.write(`No browser tests: there is no ${chromium}. Install Chromium, or name one in CHROMIUM_PATH.\n`);
}

export default {
  projects: [
    suite('unit'),
    suite('integration', emulators),
    suite('model', emulators),
    suite('end-to-end', emulators),
    ...browser,
  ],
  reporters: ['default', './test/support/count-reporter.ts'],
  testTimeout: 90_000,
  maxWorkers: 2,
};
