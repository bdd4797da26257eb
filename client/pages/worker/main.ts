import './no-eval.ts';
import { CallFailed } from '../../failures.ts';
import { entering } from './entering.ts';
import { own } from './own.ts';
import { people } from './people.ts';
import { reading } from './reading.ts';
import { sharing } from './sharing.ts';

const operations = { ...entering, ...reading, ...sharing, ...people, ...own };

/** Everything that the page can ask for. Keys and derived secrets are in no answer. */
export type Operations = typeof operations;

/** One question of the page. */
export interface Question {
  readonly id: number;
  readonly name: keyof Operations;
  readonly input: unknown;
}

/** A failure as it travels to the page. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Milliseconds until another try is worth it, where the server says. */
  readonly retryAfter?: number | undefined;
  /** JSON pointers of wrong fields, and what they must be. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly failure: Failure });

self.addEventListener('message', async ({ data }: MessageEvent<Question>) => {
  const { id, name, input } = data;
  try {
    const run: (input: never) => Promise<unknown> = operations[name];
    reply({ id, value: await run(input as never) });
  } catch (error) {
    reply({ id, failure: asFailure(error) });
  }
});

const reply = (message: Reply): void => self.postMessage(message);

function asFailure(error: unknown): Failure {
  if (error instanceof CallFailed) {
    const { retryAfter } = error.problem;
    const wait = typeof retryAfter === 'number' ? retryAfter * 1000 : undefined;
    return { code: error.code, message: error.message, retryAfter: wait, errors: error.errors };
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNEXPECTED';
  return { code, message: error instanceof Error ? error.message : String(error) };
}
