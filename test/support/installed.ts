import { spawnSync } from 'node:child_process';

/** Tests of `nightvault` that need programs which not every machine has. */
const needed = {
  keyring: ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'],
  zsh: ['zsh'],
  fish: ['fish'],
} as const;

/** Of these programs, those that are not here. */
export function notInstalled(test: keyof typeof needed): string[] {
  return needed[test].filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
}

/** What of those tests cannot run here, as sentences without their full stop. */
export function notRunnable(): string[] {
  const tests = Object.keys(needed) as (keyof typeof needed)[];
  return tests.flatMap((test) => {
    const missing = notInstalled(test);
    return missing.length === 0 ? [] : [`the command's tests with ${test}, for there is no ${missing.join(', ')}`];
  });
}
