import { notice } from './documents.ts';
import type { DescribedFunction, Manifest } from './manifest.ts';

/** What a service account may do in the database. */
export const storeRoles = { none: '', reads: '`datastore.viewer`', writes: '`datastore.user`' } as const;

const callers = { topic: 'Pub/Sub', schedule: 'Cloud Scheduler' } as const;

/** Who has `run.invoker` on it. */
export const callerOf = ({ trigger, public: open }: DescribedFunction): string =>
  trigger === 'topic' || trigger === 'schedule' ? callers[trigger] : open ? 'everybody' : 'operators';

/** One row a function: who may call it, and what its service account may do. */
export function iamTable({ functions, single }: Pick<Manifest, 'functions' | 'single'>): string {
  const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  const row = (name: string, entry: DescribedFunction) => {
    const store = storeRoles[entry.store];
    return `| \`${name}\` | ${callerOf(entry)} | ${store} | ${list(entry.publishes)} | ${list(entry.secrets)} |`;
  };
  return [
    '| function | called by | in the database | publishes to | reads the secrets |',
    '| --- | --- | --- | --- | --- |',
    ...Object.entries(functions).map(([name, entry]) => row(name, entry)),
    row(single.name, single),
  ].join('\n');
}

/** Who may do what. */
export function iamPage(described: Manifest): string {
  return [
    notice,
    '# Permissions',
    '',
    'Every function runs as a service account of its own, `fn-NAME`, which has these roles and no others, each on the one',
    'resource that is named: `datastore.viewer` or `datastore.user` on the one database, `pubsub.publisher` on each topic,',
    '`secretmanager.secretAccessor` on each secret. *Called by* is who has `run.invoker` on it. The last row is what stands for',
    'all that everybody may call where a deployment is `single`. [`terraform/iam.tf`](../terraform/iam.tf) grants it,',
    '`npm run terraform:check` compares a plan with this table, and the local stack refuses what is not in it.',
    '',
    iamTable(described),
    '',
  ].join('\n');
}
