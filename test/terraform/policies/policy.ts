import type { Manifest } from '../../../functions/generate/manifest.ts';
import type { Plan } from '../plan.ts';
import type { Scenario } from '../scenarios.ts';

export interface Planning {
  readonly plan: Plan;
  readonly scenario: Scenario;
  readonly manifest: Manifest;
  /** The Terraform folder that was planned. */
  readonly folder: string;
}

/** Something that must hold of every plan. */
export interface Policy {
  readonly name: string;
  /** What is wrong, a sentence each; nothing when all is well. */
  readonly broken: (planning: Planning) => readonly string[];
}

/** The functions of the manifest that a scenario deploys, by name. */
export function deployed({ manifest, scenario }: Planning): Manifest['functions'] {
  const { name, ...single } = manifest.single;
  if (scenario.variables.deployment !== 'single') return manifest.functions;
  const apart = Object.entries(manifest.functions).filter(([, entry]) => !entry.public);
  return { ...Object.fromEntries(apart), [name]: single };
}

/** What one list has and the other lacks. */
export function differences(
  what: string,
  planned: readonly string[],
  wanted: readonly string[],
  whose = 'the manifest',
): string[] {
  return [
    ...wanted.filter((each) => !planned.includes(each)).map((each) => `${what} ${each} is missing from the plan`),
    ...planned.filter((each) => !wanted.includes(each)).map((each) => `${what} ${each} is not in ${whose}`),
  ];
}

export const has = (scenario: Scenario, variable: string): boolean => Boolean(scenario.variables[variable]);
