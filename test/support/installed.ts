import { spawnSync } from 'node:child_process';
import { oldestNode } from '../../client/command/version.ts';

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

/**
 * The versions of Node.js that the installed command is tried on, each with its program: the one that runs the tests,
 * the oldest supported one where `OLDEST_NODE_PATH` names it.
 */
export function nodesHere(): [version: string, program: string][] {
  const oldest = process.env.OLDEST_NODE_PATH;
  const programs = oldest === undefined ? [process.execPath] : [process.execPath, oldest];
  return programs.map((program) => [
    spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim().replace('v', ''),
    program,
  ]);
}

/** What of those tests cannot run here, as sentences without their full stop. */
export function notRunnable(): string[] {
  const tests = Object.keys(needed) as (keyof typeof needed)[];
  const programs = tests.flatMap((test) => {
    const missing = notInstalled(test);
    return missing.length === 0 ? [] : [`the command's tests with ${test}, for there is no ${missing.join(', ')}`];
  });
  const oldest = `the installed command on Node.js ${oldestNode.join('.')}. Name that Node.js in OLDEST_NODE_PATH`;
  return process.env.OLDEST_NODE_PATH === undefined ? [...programs, oldest] : programs;
}
