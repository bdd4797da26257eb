import { mutations } from './list.ts';
import { tryMutations } from './run.ts';

/** `npm run terraform:mutations [-- PART]`: every fault of the list, or those whose description has PART in it. */
const print = (line: string) => void process.stdout.write(`${line}\n`);
const part = process.argv[2] ?? '';
const chosen = mutations.filter(({ what }) => what.includes(part));
let missed = 0;
for (const { mutation, found, isCaught } of chosen.flatMap((mutation) => tryMutations([mutation]))) {
  if (!isCaught) missed += 1;
  print(`${isCaught ? 'caught' : 'MISSED'}  ${mutation.caughtBy.padEnd(22)}  ${mutation.what} (${mutation.file})`);
  if (isCaught) continue;
  print(`        it should say ${mutation.saying}`);
  for (const { name, broken } of found) for (const each of broken) print(`        ${name}: ${each.slice(0, 500)}`);
}
print(`${chosen.length - missed} of ${chosen.length} caught`);
process.exitCode = missed === 0 && chosen.length > 0 ? 0 : 1;
