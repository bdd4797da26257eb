import type { DescribedFunction, Manifest } from './manifest.ts';

const callers = { topic: 'Pub/Sub', schedule: 'Cloud Scheduler' } as const;

const callerOf = ({ trigger, public: open }: DescribedFunction): string =>
  trigger === 'topic' || trigger === 'schedule' ? callers[trigger] : open ? 'everybody' : 'operators';

/** One row a function: who may call it, and what its service account may do. */
export function iamTable({ functions, single }: Pick<Manifest, 'functions' | 'single'>): string {
  const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  const row = (name: string, entry: DescribedFunction) => {
    const store = { none: '', reads: '`datastore.viewer`', writes: '`datastore.user`' }[entry.store];
    return `| \`${name}\` | ${callerOf(entry)} | ${store} | ${list(entry.publishes)} | ${list(entry.secrets)} |`;
  };
  return [
    '| function | called by | in the database | publishes to | reads the secrets |',
    '| --- | --- | --- | --- | --- |',
    ...Object.entries(functions).map(([name, entry]) => row(name, entry)),
    row(single.name, single),
  ].join('\n');
}
