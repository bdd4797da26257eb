#!/usr/bin/env node
import { terminalAsking } from './asking.ts';
import { openKeyring } from './keyring.ts';
import { run } from './run.ts';

const interrupted = new AbortController();
const stop = () => {
  // Whoever presses it twice does not want to wait.
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort(new DOMException('Interrupted.', 'AbortError'));
};
process.on('SIGINT', stop).on('SIGTERM', stop);
// Whoever was reading has gone (`nightvault groups | head`): there is nobody left to tell.
process.stdout.on('error', () => process.exit(0));

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  isWatched: process.stderr.isTTY === true,
  asking: terminalAsking(interrupted.signal),
  openKeyring,
  now: Date.now,
  signal: interrupted.signal,
});
