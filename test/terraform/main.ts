import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkTerraform, type Step } from './check.ts';
import { repository } from './repository.ts';

/** `npm run terraform:check [-- --dir FOLDER]`: looks at terraform/, or a copy of it, with no network and no account. */
const { values } = parseArgs({ options: { dir: { type: 'string', default: join(repository, 'terraform') } } });
const print = (line: string) => void process.stdout.write(`${line}\n`);
const started = Date.now();
try {
  const report = ({ name, of, seconds, broken, plan }: Step) => {
    const count = plan === undefined ? '' : `: ${plan.resources.length} resources`;
    print(
      `${broken.length === 0 ? 'ok    ' : 'BROKEN'} ${name.padEnd(22)} ${seconds.toFixed(1).padStart(5)} s  ${of}${count}`,
    );
    for (const each of broken) print(each.replaceAll(/^/gm, '         '));
  };
  const steps = checkTerraform(resolve(process.env.INIT_CWD ?? '.', values.dir), { report });
  const broken = steps.filter((step) => step.broken.length > 0);
  print(`${steps.length} checks, ${broken.length} broken, in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  print('A pass means: well formed, wired as meant, within the policies. Google itself was not asked.');
  process.exitCode = broken.length === 0 ? 0 : 1;
} catch (error) {
  print(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
