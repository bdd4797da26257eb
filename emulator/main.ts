import { parseArgs } from 'node:util';
import { accounts } from '../shared/store/accounts.ts';
import { type Stack, startStack } from './stack.ts';
import { StartError } from './start-error.ts';
import { terminal } from './terminal.ts';

const usage = `Runs the whole of Nightvault on this computer.

  npm start [-- OPTIONS]

  --port N     where it listens on 127.0.0.1 (8080 unless given; 0 for a free port)
  --data DIR   keeps the data in this folder, and starts with what is in it
               (without it, everything is forgotten at the end)
  --help       shows this

It needs Java for the Firestore and Pub/Sub emulators. Ctrl-C stops it.
`;

interface Arguments {
  readonly port: number;
  readonly dataDir: string | undefined;
  readonly help: boolean;
}

function readArguments(args: string[]): Arguments {
  const options = { port: { type: 'string' }, data: { type: 'string' }, help: { type: 'boolean' } } as const;
  try {
    const { port = '8080', data, help = false } = parseArgs({ args, options }).values;
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new Error(`--port must be 0 to 65535, not "${port}".`);
    if (data === '') throw new Error('--data must name a folder.');
    return { port: Number(port), dataDir: data, help };
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.split('. To specify')[0]?.replace(/\.?$/, '.') : String(error);
    throw new StartError(`${reason} See npm start -- --help.`);
  }
}

/** npm and the terminal may both pass on one Ctrl-C: signals this close together, in milliseconds, are one. */
const sameSignal = 500;

/** Resolves at the first signal to stop; a second one ends the process at once (guards take the emulators along). */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (first !== undefined && performance.now() - first > sameSignal) process.exit(130);
        first ??= performance.now();
        resolve();
      });
    }
  });
}

async function run({ port, dataDir }: Arguments): Promise<number> {
  const screen = terminal(process.stdout);
  const asked = stopSignal();
  const starting = startStack({ port, dataDir, log: screen.log });
  let stack: Stack;
  try {
    stack = await starting;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
  stack.mailbox.watch((mail) => screen.mail(mail));
  const health = await fetch(`${stack.url}/healthz`);
  if (health.ok) screen.ready(stack, dataDir);
  void warmUp(stack.platform);
  const failure = health.ok ? await Promise.race([asked, stack.died]) : `GET /healthz answered ${health.status}.`;
  if (failure) process.stderr.write(`${failure}\n`);
  await stack.stop();
  screen.stopped();
  return failure ? 1 : 0;
}

/** Builds the pages, loads Google's clients, and the emulators' own slow first answers, before somebody waits for them. */
async function warmUp({ database, sealer, pages }: Stack['platform']): Promise<void> {
  await Promise.allSettled([database.get(accounts.doc('nobody')), sealer.sign('state-key', 'warm-up', ''), pages()]);
}

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(usage);
    return 0;
  }
  return run(args);
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(
    error instanceof StartError ? `${error.message}\n` : `${error instanceof Error ? error.stack : error}\n`,
  );
  process.exit(1);
}
