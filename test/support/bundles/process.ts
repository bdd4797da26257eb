import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../../emulator/ports.ts';
import type { InstalledBundle } from './installed.ts';

export interface BundleProcess {
  readonly url: string;
  /** The answer to the request it was started with. */
  readonly first: Response;
  /** From the start of the process to that answer. */
  readonly milliseconds: number;
  /** What it has logged. */
  output(): string;
  stop(): Promise<void>;
}

const environment = {
  GOOGLE_CLOUD_PROJECT: 'demo-bundle',
  METADATA_SERVER_DETECTION: 'none',
  NIGHTVAULT_BASE_URL: 'http://127.0.0.1',
  NIGHTVAULT_MAIL_FROM: 'Nightvault <nightvault@example.com>',
  NODE_ENV: 'production',
};

/**
 * Starts a bundle as Google does, by the command of functions-framework, and sends it a request as soon as it takes one.
 * @throws Error with what it printed, when it ends before it answers
 */
export async function startBundle(
  { name, folder }: Pick<InstalledBundle, 'name' | 'folder'>,
  request: RequestInit & { readonly path?: string },
  env: NodeJS.ProcessEnv = {},
): Promise<BundleProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const framework = join(folder, 'node_modules/@google-cloud/functions-framework/build/src/main.js');
  const started = performance.now();
  const child = spawn(process.execPath, [framework], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment, ...env, FUNCTION_TARGET: name, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  const { path = '/', ...init } = request;
  while (child.exitCode === null) {
    if (await listens(port)) {
      const first = await fetch(`${url}${path}`, init);
      return { url, first, milliseconds: performance.now() - started, output: () => output, stop };
    }
    await wait(5);
  }
  throw new Error(`${name} ended before it answered:\n${output}`);
}

/** Whether a process takes connections: a request each time would take the processor from the one that starts. */
async function listens(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
