import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makePlan, type Plan } from './plan.ts';
import { policies } from './policies/index.ts';
import { manifestOf, type Scenario, scenarios } from './scenarios.ts';
import { createWorkspace, putBundles, type Ran, type Workspace } from './workspace.ts';

/** One thing that was looked at. */
export interface Step {
  /** `fmt`, `validate`, `test`, `plan`, or the name of a policy. */
  readonly name: string;
  /** What it was looked at in: a folder, or a scenario. */
  readonly of: string;
  /** What was planned, of a plan that could be made. */
  readonly plan?: Plan;
  readonly seconds: number;
  /** What is wrong; nothing when all is well. */
  readonly broken: readonly string[];
}

/** What to look at; everything unless said. */
interface Scope {
  /** `fmt` and `validate`. */
  readonly form?: boolean;
  readonly tests?: boolean;
  readonly scenario?: Scenario['name'];
  /** Is told of each step as it ends. */
  readonly report?: (step: Step) => void;
}

/**
 * Everything that can be said of a Terraform folder with no network and no account: it is well formed, its own tests
 * pass, and every policy holds of every plan.
 * @throws Error that says what to do, when nothing could be looked at
 */
export function checkTerraform(
  folder: string,
  { form = true, tests = true, scenario, report }: Scope = {},
): readonly Step[] {
  const chosen = scenarios().filter(({ name }) => scenario === undefined || name === scenario);
  const steps: Step[] = [];
  const look = (name: string, of: string, run: () => { broken: readonly string[]; found?: Plan }) => {
    const started = Date.now();
    const { broken, found } = run();
    const seconds = (Date.now() - started) / 1000;
    const step: Step = { name, of, seconds, broken, ...(found && { plan: found }) };
    steps.push(step);
    report?.(step);
    return found;
  };
  const workspace = createWorkspace(folder);
  const terraform =
    (...args: string[]) =>
    () =>
      asStep(workspace.run(args));
  try {
    for (const scenario of chosen) putBundles(workspace, scenario);
    if (form) look('fmt', '.', terraform('fmt', '-check', '-diff', '-recursive', '-no-color'));
    for (const place of form ? ['.', 'bootstrap'] : ['.']) {
      if (!existsSync(join(folder, place))) continue;
      const at = place === '.' ? [] : [`-chdir=${place}`];
      const begun = workspace.run([...at, 'init', '-input=false', '-no-color']);
      if (begun.failed) look('init', place, () => asStep(begun));
      else if (form) look('validate', place, terraform(...at, 'validate', '-no-color'));
    }
    if (steps.some(({ broken }) => broken.length > 0)) return steps;
    if (tests && hasTests(folder)) look('test', 'tests', terraform('test', '-no-color'));
    for (const scenario of chosen) {
      for (const [file, text] of Object.entries(scenario.files)) workspace.put(file, text);
      const plan = look('plan', scenario.name, () => planned(workspace, scenario));
      if (plan === undefined) continue;
      const planning = { plan, scenario, manifest: manifestOf(scenario), folder };
      for (const { name, broken } of policies) look(name, scenario.name, () => ({ broken: broken(planning) }));
      workspace.restore();
    }
    return steps;
  } finally {
    workspace.remove();
  }
}

const asStep = ({ failed, output }: Ran) => ({ broken: failed ? [output.trim()] : [] });

function planned(workspace: Workspace, { variables }: Scenario): { broken: readonly string[]; found?: Plan } {
  try {
    return { broken: [], found: makePlan(workspace, variables) };
  } catch (error) {
    return { broken: [error instanceof Error ? error.message.trim() : String(error)] };
  }
}

const hasTests = (folder: string): boolean =>
  existsSync(join(folder, 'tests')) && readdirSync(join(folder, 'tests')).some((file) => file.endsWith('.tftest.hcl'));
