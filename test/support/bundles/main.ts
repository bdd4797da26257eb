import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployables } from '../../../functions/bundle/bundle.ts';
import { installBundle } from './installed.ts';
import { startBundle } from './process.ts';

/** `npm run test:bundles`: every bundle, unpacked, installed, started by functions-framework, and asked something. */
const place = mkdtempSync(join(tmpdir(), 'bundles-'));
const print = (line: string) => void process.stdout.write(`${line}\n`);
let failed = 0;
try {
  for (const deployable of deployables) {
    const installed = await installBundle(deployable, place);
    const { first, stop, output } = await startBundle(installed, { method: 'DELETE' });
    const body = await first.text();
    await stop();
    // The single function has no function at its root; all others have no DELETE. Both answers are the adapter's own.
    const expected = deployable.entries.length > 1 ? 'FUNCTION_NOT_FOUND' : 'METHOD_NOT_ALLOWED';
    const isRight = body.includes(`"code":"${expected}"`);
    if (!isRight) failed += 1;
    print(
      `${isRight ? 'ok    ' : 'FAILED'} ${deployable.name}${isRight ? '' : `\n${first.status} ${body}\n${output()}`}`,
    );
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}
print(`${deployables.length - failed} of ${deployables.length} bundles answer`);
process.exitCode = failed === 0 ? 0 : 1;
