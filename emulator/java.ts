import { existsSync, readFileSync } from 'node:fs';
import { answers } from './answers.ts';
import { startChild } from './child.ts';
import { archiveFile, trainArchive } from './class-archive.ts';
import { type EmulatorName, findJava, jarVariables } from './jars.ts';
import { freePort } from './ports.ts';
import { StartError } from './start-error.ts';

export const titles = { firestore: 'Firestore', pubsub: 'Pub/Sub' } as const satisfies Record<EmulatorName, string>;

/** Neither jar can be counted on to name its main class. */
const mainClasses = {
  firestore: 'com.google.cloud.datastore.emulator.firestore.CloudFirestore',
  pubsub: 'com.google.cloud.pubsub.testing.v1.Main',
} as const satisfies Record<EmulatorName, string>;

/** For a short start and little memory rather than for throughput. */
const tuning = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx2g', '-Duser.language=en'];

const startSeconds = 30;

/** An emulator that answers. */
export interface Emulator {
  /** `host:port` */
  readonly host: string;
  /** Resolves when its process has gone, with how; never for one that others started. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts an emulator's jar on a free port and waits until it answers.
 * @throws StartError when there is no Java, an unfit one, or the emulator does not come up
 */
export async function startJar(name: EmulatorName, jar: string, logFile: string): Promise<Emulator> {
  const java = findJava(process.env);
  if (java === undefined) throw noJava();
  if (!existsSync(jar))
    throw new StartError(
      `The ${titles[name]} emulator’s jar ${jar} does not exist: correct or unset ${jarVariables[name]}.`,
    );
  const archive = archiveFile(java, jar);
  const command = (options: readonly string[], port: number, log: string) => ({
    file: java,
    args: [...tuning, ...options, '-cp', jar, mainClasses[name], '--host=127.0.0.1', `--port=${port}`],
    logFile: log,
  });
  const port = await freePort();
  const child = startChild(command(existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : [], port, logFile));
  const host = `127.0.0.1:${port}`;
  try {
    await answers(child, host, startSeconds);
  } catch (error) {
    await child.stop();
    throw explained(error, name, logFile);
  }
  const training = trainArchive(archive, async (options) => {
    const trainingPort = await freePort();
    return { child: startChild(command(options, trainingPort, '/dev/null')), host: `127.0.0.1:${trainingPort}` };
  });
  return { host, ended: child.ended, stop: async () => void (await Promise.all([training.abandon(), child.stop()])) };
}

function explained(error: unknown, name: EmulatorName, logFile: string): StartError {
  const output = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
  if (output.includes('UnsupportedClassVersionError')) {
    return new StartError(
      `The ${titles[name]} emulator needs a newer Java than the one found: install Java 21 or later.`,
    );
  }
  if (output.includes('Unable to locate a Java Runtime')) return noJava();
  const reason = error instanceof Error ? error.message : String(error);
  return new StartError(`The ${titles[name]} emulator ${reason}: its output is in ${logFile}.`);
}

export const noJava = (): StartError =>
  new StartError(
    'Java is missing: install a Java runtime, version 21 or later (for example openjdk-21-jre-headless), so that `java` is on the PATH.',
  );
