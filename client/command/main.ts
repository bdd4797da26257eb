#!/usr/bin/env node
import { mkdirSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { homeOf } from './home.ts';

/** Halves the time until the program runs. What is in it is run, so it stands where only its owner can write. */
function rememberCompiled(): void {
  const home = homeOf(process.env);
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    nodeModule.enableCompileCache?.(join(home, 'cache'));
  } catch {
    // Then it takes a little longer.
  }
}

/** `npm run nightvault` changes into the repository first: the folder it was called from is meant. */
const { npm_lifecycle_event: script, INIT_CWD: calledFrom } = process.env;
const cwd = script === 'nightvault' && calledFrom !== undefined ? calledFrom : process.cwd();

const interrupted = new AbortController();
const stop = () => {
  // Whoever presses it twice does not want to wait.
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort(new DOMException('Interrupted.', 'AbortError'));
};
process.on('SIGINT', stop).on('SIGTERM', stop);
// Whoever was reading has gone (`nightvault groups | head`): there is nobody left to tell.
process.stdout.on('error', () => process.exit(0));

rememberCompiled();
const [{ run }, { terminalAsking }, { openKeyring }] = await Promise.all([
  import('./run.ts'),
  import('./asking.ts'),
  import('./keyring.ts'),
]);
const code = await run(process.argv.slice(2), {
  env: process.env,
  cwd,
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  isTerminal: process.stdout.isTTY === true,
  isWatched: process.stderr.isTTY === true,
  asking: terminalAsking(interrupted.signal),
  openKeyring,
  now: Date.now,
  signal: interrupted.signal,
});
// A wait before another try, or a keyring that does not answer, would keep the process until it is over.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
