import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkTerraform, type Step } from './check.ts';
import { mutations } from './mutations/list.ts';
import { rounds, tryMutations } from './mutations/run.ts';
import { describeParity } from './parity.ts';
import { policies } from './policies/index.ts';
import { repository } from './repository.ts';
import { scenarios } from './scenarios.ts';

/** Each plans several hundred resources; how long that takes is the computer's. */
const patience = 600_000;

let steps: readonly Step[];
beforeAll(() => {
  steps = checkTerraform(join(repository, 'terraform'));
}, patience);

describe('terraform/', () => {
  it('is well formed, passes its own tests, and keeps every policy in every plan', () => {
    expect(steps.filter(({ broken }) => broken.length > 0)).toEqual([]);
  });

  it('has been looked at in every way', () => {
    const first = ['fmt .', 'validate .', 'validate bootstrap', 'test tests'];
    const ofPlans = scenarios().flatMap(({ name }) =>
      ['plan', ...policies.map((policy) => policy.name)].map((each) => `${each} ${name}`),
    );
    expect(steps.map(({ name, of }) => `${name} ${of}`)).toEqual([...first, ...ofPlans]);
  });
});

describe('the local stack and terraform/', () =>
  describeParity(() => {
    const plan = steps.find(({ name, of }) => name === 'plan' && of === 'as it comes')?.plan;
    if (plan === undefined) throw new Error('There is no plan to compare with.');
    return plan;
  }));

/** Most of the faults; each further round looks at all of it again. All of them: npm run terraform:mutations */
const largest = rounds(mutations)
  .toSorted((one, other) => other.length - one.length)
  .slice(0, 1);

describe('the checks', () => {
  it.each(largest.map((round) => ({ round, first: round[0]?.what, more: round.length - 1 })))(
    'find that $first, and $more more faults',
    ({ round }) => {
      const missed = tryMutations(round).filter(({ isCaught }) => !isCaught);
      expect(missed.map(({ mutation: { what, caughtBy }, found }) => ({ what, caughtBy, found }))).toEqual([]);
    },
    patience,
  );

  it('each find at least one of the listed faults', () => {
    const finders = new Set(mutations.map(({ caughtBy }) => caughtBy));
    expect(policies.map(({ name }) => name).filter((name) => !finders.has(name))).toEqual([]);
  });
});

describe('npm run terraform:check', () => {
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const program = join(import.meta.dirname, 'main.ts');
    const { status, stdout } = spawnSync(process.execPath, [program, ...args], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    return { status, stdout };
  };

  it('says what to install where there is no Terraform', () => {
    expect(run([], { TERRAFORM_PATH: '/nowhere/terraform' })).toEqual({
      status: 1,
      stdout:
        'There is no `terraform` (1.9 or newer) on the PATH: install it from https://developer.hashicorp.com/terraform/install, or name one in TERRAFORM_PATH.\n',
    });
  });

  it('says what is wrong with a folder that is none of ours', () => {
    const { status, stdout } = run(['--dir', tmpdir()]);
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: `${tmpdir()} is no copy of terraform/: it has no versions.tf.\n`,
    });
  });
});
