import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { block, text } from '../plan.ts';
import { repository } from '../repository.ts';
import { deployed, differences, has, type Planning, type Policy } from './policy.ts';

export const functionsOfRegistry: Policy = {
  name: 'functions-of-registry',
  broken: (planning) => {
    const { plan, manifest, scenario } = planning;
    const wanted = deployed(planning);
    const functions = plan.of('google_cloudfunctions2_function');
    const instances = (scenario.variables.min_instances ?? {}) as Readonly<Record<string, number>>;
    const problems = functions.flatMap(({ address, values }) => {
      const name = text(values, 'name');
      const entry = wanted[name];
      if (entry === undefined) return [];
      const service = block(values, 'service_config');
      const build = block(values, 'build_config');
      const source = block(block(build, 'source'), 'storage_source');
      const hash = createHash('sha256').update(name).digest('hex');
      const facts: readonly (readonly [what: string, planned: unknown, wanted: unknown])[] = [
        ['runtime', build.runtime, manifest.runtime],
        ['entry point', build.entry_point, name],
        ['build account', text(build, 'service_account').includes('serviceAccounts/function-builder@'), true],
        ['bundle', source.object, `${name}/${hash}.zip`],
        ['memory', service.available_memory, `${entry.memoryMiB}Mi`],
        ['timeout', service.timeout_seconds, entry.timeoutSeconds],
        ['concurrency', service.max_instance_request_concurrency, entry.concurrency],
        ['most instances', service.max_instance_count, entry.maxInstances],
        ['fewest instances', service.min_instance_count, instances[name] ?? 0],
        ['ingress', service.ingress_settings, ingressOf(entry, planning)],
      ];
      return facts
        .filter(([, planned, right]) => planned !== right)
        .map(([what, planned, right]) => `${address}: its ${what} is ${planned}, not ${right}`);
    });
    const names = functions.map(({ values }) => text(values, 'name'));
    return [...problems, ...differences('the function', names, Object.keys(wanted))];
  },
};

function ingressOf({ trigger, public: open }: { trigger: string; public: boolean }, { scenario }: Planning): string {
  if (trigger !== 'http') return 'ALLOW_INTERNAL_ONLY';
  return open && has(scenario, 'edge') ? 'ALLOW_INTERNAL_AND_GCLB' : 'ALLOW_ALL';
}

/** The variables that the code reads, in its own words. */
const readByCode = () => {
  const code = readFileSync(join(repository, 'shared/platform/settings.ts'), 'utf8');
  return [...new Set([...code.matchAll(/\b(NIGHTVAULT_[A-Z_]+|GOOGLE_CLOUD_PROJECT)\b/g)].map(([name]) => name))];
};

export const settings: Policy = {
  name: 'settings',
  broken: ({ plan, scenario }) => {
    const hops = has(scenario, 'edge') ? '2' : '1';
    const found = plan.of('google_cloudfunctions2_function').flatMap(({ address, values }) => {
      const set = (block(values, 'service_config').environment_variables ?? {}) as Readonly<Record<string, string>>;
      const names = Object.keys(set).filter((name) => name !== 'LOG_EXECUTION_ID');
      return [
        ...differences('the variable', names, readByCode(), 'shared/platform/settings.ts'),
        ...(set.NIGHTVAULT_TRUSTED_HOPS === hops
          ? []
          : [`trusts ${set.NIGHTVAULT_TRUSTED_HOPS} hops of X-Forwarded-For, not ${hops}`]),
        ...(set.NIGHTVAULT_BASE_URL === plan.outputs.base_url
          ? []
          : ['tells users another address than the output base_url']),
      ].map((problem) => ({ address, problem }));
    });
    // All functions have the same settings, and so the same faults.
    return [...Map.groupBy(found, ({ problem }) => problem)].map(
      ([problem, [first, ...others]]) =>
        `${first?.address}${others.length === 0 ? '' : ` and ${others.length} more`}: ${problem}`,
    );
  },
};

export const outputs: Policy = {
  name: 'outputs',
  broken: ({ plan, manifest }) => {
    const urls = (plan.outputs.function_urls ?? {}) as Readonly<Record<string, string>>;
    const callable = Object.entries(manifest.functions).filter(([, { trigger }]) => trigger === 'http');
    return [
      ...differences(
        'the URL of',
        Object.keys(urls),
        callable.map(([name]) => name),
      ),
      ...callable.flatMap(([name, { public: open }]) =>
        !open || urls[name] === `${plan.outputs.base_url}/${name}`
          ? []
          : [`the URL of ${name} is ${urls[name]}, which clients cannot guess`],
      ),
    ];
  },
};
