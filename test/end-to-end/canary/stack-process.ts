import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface StackProcess {
  readonly url: string;
  readonly projectId: string;
  /** Everything it has printed, both streams. */
  printed(): string;
  stop(): Promise<void>;
}

/** Starts the whole system as a process of its own, upon the emulators of the run. */
export async function startStackProcess(): Promise<StackProcess> {
  const projectId = `demo-${randomBytes(6).toString('hex')}`;
  const script = fileURLToPath(new URL('run-stack.ts', import.meta.url));
  const child = spawn(process.execPath, [script, projectId], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let output = '';
  const url = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const ready = /^ready (\S+)$/m.exec(output)?.[1];
        if (ready !== undefined) resolve(ready);
      });
    }
    void ended.then(() => reject(new Error(`The stack ended before it was ready:\n${output}`)));
  });
  return {
    url: await url,
    projectId,
    printed: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
