import { writeFile } from 'node:fs/promises';
import { commandPage } from './page.ts';
import { commands } from './registry.ts';

/** `npm run generate:command`. A test fails while the page is stale. */
await writeFile(new URL('../../docs/command.md', import.meta.url), commandPage(commands));
