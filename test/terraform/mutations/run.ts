import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkTerraform, type Step } from '../check.ts';
import { repository } from '../repository.ts';
import type { Mutation } from './mutation.ts';

export interface Outcome {
  readonly mutation: Mutation;
  /** The checks that found something. */
  readonly found: readonly Step[];
  /** Whether the one that should found what it should. */
  readonly isCaught: boolean;
}

/** Makes the fault in a copy of terraform/, and looks at that as far as the fault is to be found. */
export function tryMutation(mutation: Mutation): Outcome {
  const folder = mkdtempSync(join(tmpdir(), 'terraform-mutation-'));
  try {
    cpSync(join(repository, 'terraform'), folder, { recursive: true });
    const path = join(folder, mutation.file);
    writeFileSync(path, mutated(readFileSync(path, 'utf8'), mutation));
    const steps = checkTerraform(folder, {
      form: ['fmt', 'validate'].includes(mutation.caughtBy),
      tests: mutation.caughtBy === 'test',
      scenario: mutation.scenario ?? 'as it comes',
    });
    const found = steps.filter(({ broken }) => broken.length > 0);
    const named = found.find(({ name }) => name === mutation.caughtBy);
    return { mutation, found, isCaught: named?.broken.some((each) => mutation.saying.test(each)) ?? false };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws Error when the place is not there: then the HCL has moved on, and the list has not */
export function mutated(text: string, { what, file, find, put }: Mutation): string {
  if (find === '') return text + put;
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`${what}: what it changes stands ${parts.length - 1} times in ${file}.`);
  return parts.join(put);
}
