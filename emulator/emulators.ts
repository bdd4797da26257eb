import { join } from 'node:path';
import { responds } from './answers.ts';
import { startThroughFirebase } from './firebase.ts';
import { type EmulatorName, emulatorNames, findJar } from './jars.ts';
import { type Emulator, startJar, titles } from './java.ts';
import { StartError } from './start-error.ts';

/** Where Google's clients look for an emulator's `host:port`. */
export const hostVariables = {
  firestore: 'FIRESTORE_EMULATOR_HOST',
  pubsub: 'PUBSUB_EMULATOR_HOST',
} as const satisfies Record<EmulatorName, string>;

export interface Emulators {
  /** `host:port` of each. */
  readonly hosts: Readonly<Record<EmulatorName, string>>;
  /** Resolves with a sentence should an emulator of ours end by itself. */
  readonly died: Promise<string>;
  /** Stops those that were started here. */
  stop(): Promise<void>;
}

/**
 * The real Firestore and Pub/Sub emulators: running ones that the environment names; else jars found on this computer,
 * started with `java`; else through the Firebase CLI.
 * @param logFolder - gets what they print
 * @throws StartError with one sentence that says what to do; then nothing is left running
 */
export async function startEmulators(logFolder: string): Promise<Emulators> {
  const started = await Promise.allSettled(emulatorNames.map((name) => findOrStart(name, logFolder)));
  const running = new Map<EmulatorName, Emulator>();
  const stop = async () => {
    await Promise.all([...running.values()].map((emulator) => emulator.stop()));
  };
  try {
    for (const [index, name] of emulatorNames.entries()) {
      const result = started[index];
      if (result?.status === 'fulfilled' && result.value !== undefined) running.set(name, result.value);
    }
    for (const result of started) if (result.status === 'rejected') throw result.reason;
    const missing = emulatorNames.filter((name) => !running.has(name));
    if (missing.length > 0) {
      const others = await startThroughFirebase(missing, join(logFolder, 'firebase.log'));
      for (const [index, emulator] of others.entries()) running.set(missing[index] ?? 'firestore', emulator);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const ends = [...running].map(
    async ([name, { ended }]) => `The ${titles[name]} emulator ended by itself (${await ended}).`,
  );
  const host = (name: EmulatorName) => running.get(name)?.host ?? '';
  return { hosts: { firestore: host('firestore'), pubsub: host('pubsub') }, died: Promise.race(ends), stop };
}

/** `undefined` when neither a running emulator nor a jar is known. */
async function findOrStart(name: EmulatorName, logFolder: string): Promise<Emulator | undefined> {
  const variable = hostVariables[name];
  const host = process.env[variable];
  if (host) {
    if (await responds(host)) return { host, ended: new Promise(() => {}), stop: async () => {} };
    throw new StartError(
      `${variable} is ${host}, but no emulator answers there: start that one, or unset ${variable}.`,
    );
  }
  const jar = findJar(name, process.env);
  return jar === undefined ? undefined : startJar(name, jar, join(logFolder, `${name}.log`));
}
