import type { Failure, Operations, Question, Reply } from './worker/main.ts';

/** The name of the worker's built file. */
declare const WORKER: string;

/** Why the worker did not do what it was asked. */
export class Refused extends Error {
  readonly code: string;
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'Refused';
    this.code = failure.code;
    this.failure = failure;
  }
}

type Settle = { resolve(value: unknown): void; reject(reason: unknown): void };

const waiting = new Map<number, Settle>();
let next = 0;

/** The one address that may be made a script here: the worker that was built with this page. */
function scriptUrl(): string {
  const url = new URL(`page-file?name=${WORKER}`, import.meta.url).href;
  if (!('trustedTypes' in window)) return url;
  const { trustedTypes } = window as { trustedTypes: TrustedTypeFactory };
  return trustedTypes
    .createPolicy('nightvault', { createScriptURL: () => url })
    .createScriptURL('') as unknown as string;
}

interface TrustedTypeFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(input: string): string },
  ): { createScriptURL(input: string): { toString(): string } };
}

const worker = new Worker(scriptUrl(), { type: 'module', name: 'nightvault' });

worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
  const settle = waiting.get(data.id);
  waiting.delete(data.id);
  if ('failure' in data) settle?.reject(new Refused(data.failure));
  else settle?.resolve(data.value);
});

worker.addEventListener('error', () => {
  const broken = new Refused({
    code: 'WORKER_BROKEN',
    message: 'The part of this page that holds your keys did not start.',
  });
  for (const { reject } of waiting.values()) reject(broken);
  waiting.clear();
});

/**
 * Asks the worker, in which keys are made, kept and used: this thread never has them, and is never busy with them.
 * @throws {Refused}
 */
export function ask<Name extends keyof Operations>(
  name: Name,
  ...[input]: Parameters<Operations[Name]>
): ReturnType<Operations[Name]> {
  const id = next++;
  const question: Question = { id, name, input };
  const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage(question);
  return answer as ReturnType<Operations[Name]>;
}
