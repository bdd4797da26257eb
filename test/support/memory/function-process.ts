import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../program.ts';
import type { TestStack } from '../stack.ts';

export interface FunctionProcess {
  readonly url: string;
  /** Memory it has in use now, in MiB. */
  resident(): number;
  /** Runs something, and hands back the most memory that was in use meanwhile, by the kernel's own count: MiB. */
  peakDuring(run: () => Promise<unknown>): Promise<number>;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('serve-function.ts', import.meta.url));

/** One function of the registry in a process of its own, on the data of this stack. Linux only: it reads `/proc`. */
export async function startFunction(stack: TestStack, name: string): Promise<FunctionProcess> {
  const child = runProgram(process.execPath, [program, name], {
    GOOGLE_CLOUD_PROJECT: stack.projectId,
    FIRESTORE_EMULATOR_HOST: process.env.FIRESTORE_EMULATOR_HOST,
    SECRET_MANAGER_HOST: stack.secretManagerHost,
    NIGHTVAULT_BASE_URL: stack.url,
    NIGHTVAULT_MAIL_FROM: 'Nightvault <nightvault@example.com>',
    NIGHTVAULT_TRUSTED_HOPS: '0',
    METADATA_SERVER_DETECTION: 'none',
  });
  const [, port = ''] = await child.printed(/listening on (\d+)/);
  const folder = `/proc/${child.process.pid}`;
  const read = (field: 'VmRSS' | 'VmHWM') => {
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`${folder}/status`, 'utf8'))?.[1];
    return Number(kib) / 1024;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    resident: () => read('VmRSS'),
    peakDuring: async (run) => {
      // https://docs.kernel.org/filesystems/proc.html: 5 sets the peak to what is in use now.
      writeFileSync(`${folder}/clear_refs`, '5');
      await run();
      return read('VmHWM');
    },
    stop: async () => {
      const ended = once(child.process, 'exit');
      child.process.kill('SIGKILL');
      await ended;
    },
  };
}
