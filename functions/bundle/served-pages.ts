import { pageHeaders } from '../../shared/platform/http/page-answer.ts';
import type { BuiltPages } from '../../shared/platform/pages.ts';
import { registry } from '../registry.ts';

/** Pages that are the same for everybody; those with a token in their address differ by it. */
const commonPages = registry.flatMap((entry) => {
  const operation = entry.trigger === 'http' ? entry.operations.GET : undefined;
  const { page, input } = operation ?? {};
  return page?.when === 'always' && input?.safeParse({}).success ? [{ name: entry.name, page }] : [];
});

/**
 * Compares what a server hands out with pages built here, byte for byte, and the policy they come with.
 * @param url what stands before a function's name
 * @returns a sentence for each difference: none means that they were the same this time
 */
export async function differencesOf(url: string, pages: BuiltPages & Required<Pick<BuiltPages, 'files'>>) {
  const base = `${new URL(url).pathname.replace(/\/+$/, '')}/`;
  const differences: string[] = [];
  const compare = async (what: string, text: string, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(`${url.replace(/\/+$/, '')}/${what}`);
    if (!response.ok) differences.push(`${what} answers ${response.status}.`);
    else if ((await response.text()) !== text) differences.push(`${what} is not what these sources give.`);
    for (const [name, value] of Object.entries(headers)) {
      if (response.ok && response.headers.get(name) !== value) differences.push(`${what} has another ${name}.`);
    }
  };
  for (const { name, page } of commonPages) await compare(name, page.draw({}, { pages, base }), pageHeaders);
  for (const [name, { text, type }] of Object.entries(pages.files)) {
    await compare(`page-file?name=${name}`, text, { 'content-type': type });
  }
  return differences;
}
