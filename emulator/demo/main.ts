import { parseArgs } from 'node:util';
import { StartError } from '../start-error.ts';
import { explain } from './failure.ts';
import { isRunning, LocalStack } from './local-stack.ts';
import { type Narrator, narrator } from './narrator.ts';
import { tell } from './story.ts';

const usage = `Jane and Bob share an API project through Nightvault: the whole story, in a few seconds.

  npm run demo [-- OPTIONS]

  --url URL   the local stack to use (unless given: http://127.0.0.1:8080 if one answers there, else a fresh one)
  --help      shows this
`;

const usual = 'http://127.0.0.1:8080';

interface Server {
  readonly url: string;
  readonly origin: string;
  stop(): Promise<void>;
}

async function findServer(url: string | undefined): Promise<Server> {
  const running = async () => {};
  if (url !== undefined) return { url, origin: 'running', stop: running };
  if (await isRunning(usual)) return { url: usual, origin: 'running', stop: running };
  const { startStack } = await import('../stack.ts');
  const started = performance.now();
  const stack = await startStack({ port: 0 });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  return { url: stack.url, origin: `started for this demo in ${seconds} s`, stop: () => stack.stop() };
}

async function run(story: Narrator, url: string | undefined): Promise<void> {
  const { line, paint } = story;
  const started = performance.now();
  line(paint.bold('Nightvault: Jane and Bob share an API project. The server helps, and reads nothing of it.'));
  const server = await findServer(url);
  const leave = (code: number) => () => void server.stop().finally(() => process.exit(code));
  process.once('SIGINT', leave(130)).once('SIGTERM', leave(143));
  // Whoever was reading has gone (`npm run demo | head`): there is nobody left to tell.
  process.stdout.on('error', leave(0));
  try {
    const stack = new LocalStack(server.url);
    await stack.check();
    line(paint.dim(`Server: ${server.url} (${server.origin})`));
    await tell(story, stack);
    line();
    line(paint.green(`Done in ${((performance.now() - started) / 1000).toFixed(1)} s.`));
  } finally {
    await server.stop();
  }
}

function readArguments() {
  try {
    return parseArgs({ options: { url: { type: 'string' }, help: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message.split('. To specify')[0] : error}.`);
  }
}

async function main(): Promise<number> {
  const story = narrator(process.stdout);
  try {
    const { url, help } = readArguments();
    if (help) story.line(usage);
    else await run(story, url);
    return 0;
  } catch (error) {
    const { what, why, remedy } = explain(error);
    const failed = narrator(process.stderr);
    failed.line();
    failed.line(failed.paint.red(failed.paint.bold(`✗ ${what}`)));
    failed.line(`  Why:        ${why}`);
    failed.line(`  What to do: ${remedy}`);
    return 1;
  }
}

process.exit(await main());
