import { buildPages, integrityOf } from './pages.ts';
import { differencesOf } from './served-pages.ts';

/**
 * `npm run pages` says what the pages of these sources are: each file with its hash. With a server's address behind `--`
 * it compares, byte for byte, what that server hands out just now.
 */
const [url] = process.argv.slice(2);
const pages = await buildPages();
const print = (line: string) => void process.stdout.write(`${line}\n`);
if (url === undefined) {
  for (const [name, { text }] of Object.entries(pages.files)) print(`${integrityOf(text)}  ${name}`);
} else if (!URL.canParse(url)) {
  print(
    `"${url}" is no address. Give what stands before a function's name: npm run pages -- https://vault.example.com`,
  );
  process.exitCode = 2;
} else {
  const differences = await differencesOf(url, pages).catch((error: unknown) => [`No answer from ${url}: ${error}`]);
  for (const difference of differences) print(difference);
  if (differences.length === 0) print(`${url} hands out the pages of these sources.`);
  process.exitCode = differences.length === 0 ? 0 : 1;
}
