import { startStack } from '../../../emulator/stack.ts';
import { jsonLog } from '../../../shared/platform/log.ts';

/** A stack in a process of its own, logging as it does on Google Cloud: everything it ever prints can be kept. */
const log = jsonLog((line) => process.stdout.write(line));
const stack = await startStack({ port: 0, projectId: process.argv[2] ?? '', log });
process.stdout.write(`ready ${stack.url}\n`);
process.once('SIGTERM', async () => {
  await stack.stop();
  process.exit(0);
});
