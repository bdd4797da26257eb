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

const source = join(repository, 'terraform');
const scenarioOf = ({ scenario }: Mutation) => scenario ?? 'as it comes';
/** What comes before any plan: one look finds all faults of this kind. */
const isForm = ({ caughtBy }: Mutation) => ['fmt', 'validate'].includes(caughtBy);
/** A fault that stops Terraform hides all others. */
const stops = ({ caughtBy }: Mutation) => ['plan', 'test'].includes(caughtBy);

/**
 * Faults that can be looked at together: those of one kind and scenario that do not change the same lines, and hide none
 * of the others. Together they are found in a tenth of the time.
 */
export function rounds(mutations: readonly Mutation[]): readonly (readonly Mutation[])[] {
  const done: { kind: string; files: Map<string, string>; list: Mutation[] }[] = [];
  for (const mutation of mutations) {
    const { what, file, hides } = mutation;
    const look = isForm(mutation) ? 'form' : scenarioOf(mutation);
    const kind = stops(mutation) ? what : `${look}${hides ? ', hiding' : ''}`;
    const original = readFileSync(join(source, file), 'utf8');
    const round = done.find((each) => each.kind === kind && fits(each.files.get(file) ?? original, mutation));
    const files = round?.files ?? new Map<string, string>();
    files.set(file, mutated(files.get(file) ?? original, mutation));
    if (round === undefined) done.push({ kind, files, list: [mutation] });
    else round.list.push(mutation);
  }
  return done.map(({ list }) => list);
}

const fits = (text: string, { find }: Mutation) => find === '' || text.split(find).length === 2;

/** Makes the faults in a copy of terraform/, and looks at that as far as they are to be found. */
export function tryMutations(mutations: readonly Mutation[]): readonly Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'terraform-mutation-'));
  try {
    cpSync(source, folder, { recursive: true });
    for (const mutation of mutations) {
      const path = join(folder, mutation.file);
      writeFileSync(path, mutated(readFileSync(path, 'utf8'), mutation));
    }
    const [first] = mutations;
    const steps = checkTerraform(folder, {
      form: mutations.some(isForm),
      tests: first?.caughtBy === 'test',
      ...(first === undefined ? {} : { scenario: scenarioOf(first) }),
    });
    const found = steps.filter(({ broken }) => broken.length > 0);
    return mutations.map((mutation) => {
      const named = found.find(({ name }) => name === mutation.caughtBy);
      return { mutation, found, isCaught: named?.broken.some((each) => mutation.saying.test(each)) ?? false };
    });
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
