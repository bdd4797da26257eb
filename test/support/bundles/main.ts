import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployables } from '../../../functions/bundle/bundle.ts';
import { installBundle } from './installed.ts';
import { probeBundle } from './probe.ts';

/** `npm run test:bundles`: every bundle, unpacked, installed, started by functions-framework, and asked something. */
const place = mkdtempSync(join(tmpdir(), 'bundles-'));
const print = (line: string) => void process.stdout.write(`${line}\n`);
let failed = 0;
try {
  for (const deployable of deployables) {
    const wrong = await probeBundle(deployable, await installBundle(deployable, place), place);
    if (wrong !== undefined) failed += 1;
    print(wrong === undefined ? `ok     ${deployable.name}` : `FAILED ${wrong}`);
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}
print(`${deployables.length - failed} of ${deployables.length} bundles answer`);
process.exitCode = failed === 0 ? 0 : 1;
