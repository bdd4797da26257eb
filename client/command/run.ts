import { Context, type World } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { exitCodeOf, explain } from './explain.ts';
import { commandHelp, overview } from './help.ts';
import { printable, terminalWidth, wrap } from './layout.ts';
import { paintFor, parse } from './parse.ts';
import { commands } from './registry.ts';
import { version } from './version.ts';

/** Runs one command line in a world. @returns the exit code; nothing is thrown */
export async function run(args: readonly string[], world: World): Promise<number> {
  const json = args.includes('--json');
  const paint = paintFor(args, world.env, world.isTerminal);
  const paintError = paintFor(args, world.env, world.isWatched);
  try {
    const parsed = parse(args, commands);
    if (parsed.kind === 'version')
      world.stdout(json ? `${JSON.stringify({ ok: true, version })}\n` : `nightvault ${version}\n`);
    if (parsed.kind === 'help') {
      const help = parsed.command === undefined ? overview(commands) : commandHelp(parsed.command);
      world.stdout(json ? `${JSON.stringify({ ok: true, help })}\n` : `${help}\n`);
    }
    if (parsed.kind !== 'run') return exitCodes.ok.code;
    const result = await parsed.command.run(new Context(world, { paint, paintError, json }), parsed.input);
    if (json) world.stdout(`${JSON.stringify({ ok: true, ...result.json })}\n`);
    else if (result.text !== '') world.stdout(result.text.endsWith('\n') ? result.text : `${result.text}\n`);
    return result.exitCode ?? exitCodes.ok.code;
  } catch (error) {
    const explained = explain(world.signal.aborted ? world.signal.reason : error);
    const { code, what, why, remedy } = explained;
    const exitCode = exitCodeOf(explained);
    if (json) world.stdout(`${JSON.stringify({ ok: false, error: { code, what, why, remedy, exitCode } })}\n`);
    else {
      const labelled = (label: string, text: string) =>
        `  ${label.padEnd(12)}${wrap(text, terminalWidth, ' '.repeat(14)).trimStart()}\n`;
      world.stderr(`${paintError.red(`nightvault: ${printable(what)}`)}\n`);
      world.stderr(labelled('Why:', printable(why)) + labelled('What to do:', printable(remedy)));
    }
    return exitCode;
  }
}
