import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StartError } from './start-error.ts';

/** Where a run keeps things. What is undefined is not kept. */
export interface DataFolder {
  readonly store: string | undefined;
  readonly secrets: string | undefined;
  readonly mails: string | undefined;
  /** What the emulators print. */
  readonly logs: string;
  /** Removes what was only for this run; after a failure only if it is empty, for it may say why. */
  discard(failed: boolean): void;
}

/**
 * @param path - made if it is not there; without one, everything but the emulators' output stays in memory
 * @throws StartError when it cannot be written
 */
export function dataFolder(path: string | undefined): DataFolder {
  if (path === undefined) {
    const logs = mkdtempSync(join(tmpdir(), 'nightvault-'));
    const discard = (failed: boolean) => {
      if (!failed || readdirSync(logs).length === 0) rmSync(logs, { recursive: true, force: true });
    };
    return { store: undefined, secrets: undefined, mails: undefined, logs, discard };
  }
  const root = resolve(path);
  const logs = join(root, 'logs');
  try {
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    accessSync(root, constants.W_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`The data folder ${root} cannot be written (${reason}): choose another one with --data.`, {
      cause,
    });
  }
  return {
    store: join(root, 'firestore'),
    secrets: join(root, 'secrets.json'),
    mails: join(root, 'mails.jsonl'),
    logs,
    discard: () => {},
  };
}
