import { randomBytes } from 'node:crypto';
import { type Stack, type StackOptions, startStack } from '../../emulator/stack.ts';
import type { LogFields } from '../../shared/platform/log.ts';
import { clearStore } from './clear-store.ts';

export interface LoggedLine extends LogFields {
  readonly severity: string;
  readonly message: string;
}

export interface Call {
  /** POST with a body, GET without one, unless given. */
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: object;
  readonly query?: Readonly<Record<string, string>>;
  /** A session's. */
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `text`, parsed, where it is JSON. */
  readonly body: unknown;
}

export interface TestStack extends Stack {
  /** Everything logged since the start. */
  readonly logs: readonly LoggedLine[];
  /** The first line with this message after so many lines, logged or yet to be. */
  waitForLog(message: string, after: number): Promise<LoggedLine>;
  /** Its data are its own, though the emulators are shared. */
  readonly projectId: string;
  call(name: string, call?: Call): Promise<Answer>;
}

/** The whole system on a free port, upon the emulators of the run, with data of its own unless a project is given. To be stopped in `afterAll`. */
export async function startTestStack(
  options: Pick<StackOptions, 'registry' | 'dataDir' | 'settings' | 'projectId' | 'clock'> = {},
): Promise<TestStack> {
  const logs: LoggedLine[] = [];
  const { projectId = `demo-${randomBytes(6).toString('hex')}` } = options;
  const waiting = new Set<() => void>();
  const log: StackOptions['log'] = {
    write: (severity, message, fields = {}) => {
      logs.push({ ...fields, severity, message });
      for (const look of waiting) look();
    },
  };
  const waitForLog = (message: string, after: number) =>
    new Promise<LoggedLine>((resolve) => {
      const look = () => {
        const line = logs.slice(after).find((each) => each.message === message);
        if (line === undefined) return;
        waiting.delete(look);
        resolve(line);
      };
      waiting.add(look);
      look();
    });
  const stack = await startStack({ ...options, port: 0, projectId, log });
  const stop = async () => {
    if (options.dataDir === undefined) await clearStore(projectId);
    await stack.stop();
  };
  return { ...stack, stop, logs, waitForLog, projectId, call: (name, call = {}) => send(`${stack.url}/${name}`, call) };
}

async function send(url: string, { body, method, query = {}, token, headers = {} }: Call): Promise<Answer> {
  const search = new URLSearchParams(query).toString();
  const response = await fetch(search === '' ? url : `${url}?${search}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.endsWith('json') ?? false;
  const { status, headers: answered } = response;
  return { status, headers: answered, text, body: isJson ? JSON.parse(text) : undefined };
}
