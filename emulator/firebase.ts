import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answers } from './answers.ts';
import { startChild } from './child.ts';
import { type EmulatorName, findJava } from './jars.ts';
import { type Emulator, noJava } from './java.ts';
import { freePort } from './ports.ts';
import { StartError } from './start-error.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
const cli = join(repository, 'node_modules/firebase-tools/lib/bin/firebase.js');

/** It may have some 130 MB to download first. */
const startSeconds = 600;

const install =
  'install them with `gcloud components install cloud-firestore-emulator pubsub-emulator`, or connect to the network so that they can be downloaded';

/**
 * Starts emulators through the Firebase CLI, which downloads what it lacks, on free ports.
 * @throws StartError when there is no Java, a Java too old for the CLI, or no jar and no network
 */
export async function startThroughFirebase(names: readonly EmulatorName[], logFile: string): Promise<Emulator[]> {
  if (findJava(process.env) === undefined) throw noJava();
  if (!existsSync(cli))
    throw new StartError(`The Firestore and Pub/Sub emulators are not on this computer: ${install}.`);
  const ports = new Map<EmulatorName, number>();
  for (const name of names) ports.set(name, await freePort());
  const folder = dirname(logFile);
  const config = await writeConfig(ports, folder);
  const args = [cli, 'emulators:start', '--only', names.join(','), '--project', 'demo-nightvault', '--config', config];
  const env = { ...process.env, CI: '1' };
  const child = startChild({ file: process.execPath, args, env, folder, logFile });
  const hosts = [...ports.values()].map((port) => `127.0.0.1:${port}`);
  try {
    await Promise.all(hosts.map((host) => answers(child, host, startSeconds)));
  } catch (error) {
    await child.stop();
    throw explained(error, logFile);
  }
  return hosts.map((host) => ({ host, ended: child.ended, stop: () => child.stop() }));
}

/** The repository's firebase.json with other ports. */
async function writeConfig(ports: ReadonlyMap<EmulatorName, number>, folder: string): Promise<string> {
  const { emulators } = JSON.parse(readFileSync(join(repository, 'firebase.json'), 'utf8')) as { emulators: object };
  const free = async () => ({ host: '127.0.0.1', port: await freePort() });
  const changed: Record<string, unknown> = { ...emulators, hub: await free(), logging: await free() };
  for (const [name, port] of ports) changed[name] = { host: '127.0.0.1', port };
  const file = join(folder, 'firebase.json');
  writeFileSync(file, JSON.stringify({ emulators: changed }));
  return file;
}

function explained(error: unknown, logFile: string): StartError {
  const output = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
  if (/Java version before \d+|JDK at version \d+ or above/i.test(output)) {
    return new StartError(
      'The Firebase CLI, which is to start the emulators, needs a newer Java: install Java 21 or later.',
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new StartError(
    `The Firestore and Pub/Sub emulators are not on this computer, and the Firebase CLI, which is to fetch and start them, ${reason} (its output is in ${logFile}): ${install}.`,
  );
}
