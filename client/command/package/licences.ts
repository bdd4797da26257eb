import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licence texts of packages, as their licences ask of whoever copies them.
 * @param folders of the packages, below `root`
 * @throws Error when a package has no licence text
 */
export function licencesOf(folders: readonly string[], root: string): string {
  const sections = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e([-.]|$)/i.test(each));
    if (file === undefined) throw new Error(`${name} ${version} (${license}) has no licence file in ${folder}.`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
  });
  const head = 'The nightvault command contains code of these packages:\n';
  return [head, ...sections].join(`\n${'-'.repeat(80)}\n\n`);
}
