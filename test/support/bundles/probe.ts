import { join } from 'node:path';
import type { Deployable } from '../../../functions/bundle/bundle.ts';
import type { InstalledBundle } from './installed.ts';
import { startBundle } from './process.ts';

/** Every answer to this is the adapter's own: no function has such a method. */
const request = { method: 'DELETE' };

/**
 * Starts a bundle by functions-framework, and asks it something.
 * @returns what is wrong with the answer; nothing when it is right
 */
export async function probeBundle(
  deployable: Deployable,
  installed: InstalledBundle,
  place: string,
): Promise<string | undefined> {
  // What Node has compiled of the packages that many share, it need not compile again.
  const env = { NODE_COMPILE_CACHE: join(place, 'compiled') };
  const { first, stop, output } = await startBundle(installed, request, env);
  const body = await first.text();
  await stop();
  const isRight = body.includes(`"code":"${expectedOf(deployable)}"`);
  return isRight ? undefined : `${deployable.name} answers ${first.status} ${body}\n${output()}`;
}

/** Some have functions or paths below their name only, and nothing at their root. */
function expectedOf({ entries: [entry, ...more] }: Deployable): string {
  const hasRoot = more.length === 0 && (entry?.trigger !== 'http' || Object.keys(entry.operations).length > 0);
  return hasRoot ? 'METHOD_NOT_ALLOWED' : 'FUNCTION_NOT_FOUND';
}
