import type { Bench } from './bench.ts';

/** `npm run bench NAME [-- --short]`. Quote the ratios: the absolute figures are this computer's. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  srp: async () => (await import('./srp.ts')).srp,
  http: async () => (await import('./http.ts')).http,
  sync: async () => (await import('./sync.ts')).sync,
  client: async () => (await import('./client.ts')).client,
  'browser-login': async () => (await import('./browser-login.ts')).browserLogin,
  'blob-memory': async () => (await import('./blob-memory.ts')).blobMemory,
  analytics: async () => (await import('./analytics.ts')).analytics,
  'cold-start': async () => (await import('./cold-start.ts')).coldStart,
  enumeration: async () => (await import('./enumeration.ts')).enumeration,
};

const print = (line: string) => void process.stdout.write(`${line}\n`);
const [name = '', ...rest] = process.argv.slice(2);
const open = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (open === undefined) {
  print(name === '' ? 'Name a benchmark:' : `There is no benchmark "${name}". There are:`);
  for (const [each, load] of Object.entries(benches))
    print(`  npm run bench ${each.padEnd(14)} ${(await load()).about}`);
  process.exit(name === '' ? 0 : 2);
}
const args = rest.filter((each) => each !== '--short');
await (await open()).run({ print, short: args.length < rest.length, args });
// Clients of the emulators keep their connections.
process.exit();
