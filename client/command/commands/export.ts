import { resolve } from 'node:path';
import { projectsOf } from '../../insomnia/project.ts';
import type { Context } from '../context.ts';
import { type Command, common, type Input, type Result } from '../definition.ts';
import { CommandFailed, usage } from '../failures.ts';
import { groupOf } from '../group-of.ts';
import { printable } from '../layout.ts';
import { writeOutput } from '../output-file.ts';

export const exportCommand: Command = {
  name: 'export',
  summary: 'an Insomnia project as an export file; or all the server holds of your account',
  description: [
    'Joins what nightvault import took apart, with what has become of it since, in the version and spelling it had.',
    'With --account: everything the server holds of your account, as one JSON document, contents encrypted as the server has them. docs/leaving.md says what is in it.',
  ],
  options: [
    common.group,
    { name: 'output', short: 'o', value: 'FILE', about: 'where to write it; standard output unless given' },
    { name: 'project', short: 'p', value: 'NAME', about: 'which, where a group holds several' },
    { name: 'account', about: 'what the server holds of your account, instead' },
  ],
  examples: [
    ['nightvault export -g "Web shop" -o Insomnia.yaml', ''],
    ['nightvault export --account -o account.json', ''],
  ],
  run: (context, input) => (input.flag('account') ? ofAccount(context, input) : ofProject(context, input)),
};

async function ofProject(context: Context, input: Input): Promise<Result> {
  const group = await groupOf(context, input.text('group'));
  const projects = await projectsOf(group, { signal: context.signal });
  await context.keep(group);
  const wanted = input.text('project');
  const found = projects.filter(({ name, id }) => wanted === undefined || name === wanted || id === wanted);
  const [project] = found;
  if (project === undefined || found.length > 1) {
    const names = projects.map(({ name, id }) => `"${printable(name)}" (${id})`).join(', ') || 'none';
    throw usage(
      'It is not said which project.',
      `The group holds ${names}.`,
      'Say it with --project; or import one: nightvault import FILE.',
    );
  }
  const { name, extension, text } = await project.join();
  return written(context, input, { project: name, format: extension }, text, `"${printable(name)}"`);
}

async function written(context: Context, input: Input, about: object, text: string, what: string): Promise<Result> {
  const output = input.text('output');
  if (output === undefined) return { json: { ...about, text }, text };
  const file = resolve(context.world.cwd, output);
  await writeOutput(file, [Buffer.from(text)]);
  return { json: { ...about, file }, text: `${what} is in ${file}.` };
}

async function ofAccount(context: Context, input: Input): Promise<Result> {
  const output = input.text('output');
  if (output === undefined) {
    throw usage('It is not said where to.', 'The document may be of any size.', 'Say it with --output FILE.');
  }
  const file = resolve(context.world.cwd, output);
  const stream = await (await context.account()).export({ signal: context.signal });
  const bytes = await writeOutput(file, whole(stream), 0o600);
  return { json: { file, bytes }, text: `${bytes} bytes are in ${file}, for your eyes only.` };
}

/** Fails at its end, unless that is the end of a whole document. */
async function* whole(document: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let end = '';
  for await (const chunk of document) {
    end = (end + Buffer.from(chunk).toString('latin1')).slice(-100);
    yield chunk;
  }
  if (/"complete":\s*true\s*\}\s*$/.test(end)) return;
  throw new CommandFailed('unreachable', 'EXPORT_INCOMPLETE', {
    what: 'The export broke off.',
    why: 'It does not end as a whole one does.',
    remedy: 'Run the command again. Nothing was written.',
  });
}
