import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { notRunnable } from './test/support/installed.ts';

/** Types are checked by `tsc -b`; here they are only stripped. */
const typescript = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024', experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
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

/** What this machine cannot run. It is said before and after. */
const notRun = [];

const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const browser = existsSync(chromium) ? [suite('browser', emulators)] : [];
if (browser.length === 0) {
  notRun.push(`the browser tests, for there is no ${chromium}. Install Chromium, or name one in CHROMIUM_PATH.`);
}

const terraform = process.env.TERRAFORM_PATH ?? 'terraform';
const checked = spawnSync(terraform, ['version']).status === 0 ? [suite('terraform', emulators)] : [];
if (checked.length === 0) {
  notRun.push(
    `the checks of terraform/, for there is no ${terraform}. Install Terraform 1.9 or newer from https://developer.hashicorp.com/terraform/install, or name it in TERRAFORM_PATH.`,
  );
}
notRun.push(...notRunnable().map((what) => `${what}.`));

for (const what of notRun) process.stderr.write(`NOT RUN: ${what}\n`);

export default {
  projects: [
    suite('unit'),
    suite('integration', emulators),
    suite('model', emulators),
    suite('end-to-end', emulators),
    suite('adversary', emulators),
    ...browser,
    ...checked,
  ],
  reporters: ['default', ['./test/support/count-reporter.ts', { notRun }]],
  testTimeout: 90_000,
  // One more than two cores: a worker waits for mails and emulators a third of its time.
  maxWorkers: 3,
  // Modules of past suites stay in a worker's heap, and blobs are told to collect it all every few megabytes.
  workerIdleMemoryLimit: '512MB',
};
