import type { Workspace } from './workspace.ts';

/** A resource as it is going to be. */
export interface Planned {
  /** `google_pubsub_topic.this["email-deliveries"]` */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** The key of `for_each` or `count`. */
  readonly index?: string | number;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Plan {
  readonly resources: readonly Planned[];
  readonly outputs: Readonly<Record<string, unknown>>;
  of(type: string): readonly Planned[];
}

/** The part of `terraform show -json` that is read here. */
interface PlanJson {
  readonly planned_values: {
    readonly root_module: { readonly resources?: readonly Planned[] };
    readonly outputs?: Readonly<Record<string, { readonly value?: unknown }>>;
  };
}

/** @throws Error with what Terraform said */
export function makePlan(workspace: Workspace, variables: Readonly<Record<string, unknown>>): Plan {
  workspace.put('terraform/check.auto.tfvars.json', JSON.stringify(variables));
  const planned = workspace.run(['plan', '-input=false', '-no-color', '-out=check.plan'], {
    NIGHTVAULT_KNOWN_AT_PLAN: '1',
  });
  if (planned.failed) throw new Error(planned.output);
  const shown = workspace.run(['show', '-json', 'check.plan']);
  if (shown.failed) throw new Error(shown.output);
  const { root_module, outputs = {} } = (JSON.parse(shown.output) as PlanJson).planned_values;
  const resources = root_module.resources ?? [];
  return {
    resources,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
    of: (type) => resources.filter((each) => each.type === type),
  };
}

export const text = (values: Planned['values'], name: string): string => {
  const value = values[name];
  return typeof value === 'string' ? value : '';
};

/** The blocks of that name; of a block that may stand once, none or one. */
export const blocks = (values: Planned['values'], name: string): readonly Planned['values'][] => {
  const value = values[name];
  return Array.isArray(value) ? (value as Planned['values'][]) : [];
};

/** The block of that name, or an empty one. */
export const block = (values: Planned['values'], name: string): Planned['values'] => blocks(values, name)[0] ?? {};
