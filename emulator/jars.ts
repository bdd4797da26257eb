import { accessSync, constants, globSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The emulators of Google Cloud that the system runs on. */
export const emulatorNames = ['firestore', 'pubsub'] as const;
export type EmulatorName = (typeof emulatorNames)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the environment may name an emulator's jar. */
export const jarVariables = {
  firestore: 'FIRESTORE_EMULATOR_JAR',
  pubsub: 'PUBSUB_EMULATOR_JAR',
} as const satisfies Record<EmulatorName, string>;

/** Where an emulator's jar lies under a Google Cloud SDK, and in the Firebase CLI's cache. */
const places = {
  firestore: {
    sdk: 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar',
    cache: 'cloud-firestore-emulator-v*.jar',
  },
  pubsub: {
    sdk: 'platform/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar',
    cache: 'pubsub-emulator-*/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar',
  },
} as const satisfies Record<EmulatorName, object>;

/** The emulator's jar: named in the environment, in an installed Google Cloud SDK, or fetched by the Firebase CLI before. */
export function findJar(name: EmulatorName, env: Environment): string | undefined {
  const { sdk, cache } = places[name];
  const named = env[jarVariables[name]];
  if (named) return named;
  for (const root of sdkRoots(env)) {
    const jar = newest(join(root, sdk));
    if (jar !== undefined) return jar;
  }
  return newest(join(env.FIREBASE_EMULATORS_PATH || join(homedir(), '.cache/firebase/emulators'), cache));
}

function sdkRoots(env: Environment): string[] {
  const gcloud = findProgram('gcloud', env);
  const roots = [
    env.CLOUDSDK_ROOT,
    gcloud && dirname(dirname(realpathSync(gcloud))),
    '/usr/lib/google-cloud-sdk',
    join(homedir(), 'google-cloud-sdk'),
    '/opt/google-cloud-sdk',
    '/opt/homebrew/share/google-cloud-sdk',
    '/usr/local/share/google-cloud-sdk',
    '/snap/google-cloud-sdk/current',
  ];
  return roots.filter((root): root is string => Boolean(root));
}

function newest(pattern: string): string | undefined {
  return globSync(pattern)
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);
}

/** The `java` that starts the emulators: that of JAVA_HOME, else the first on the PATH. */
export function findJava(env: Environment): string | undefined {
  const home = env.JAVA_HOME && join(env.JAVA_HOME, 'bin', 'java');
  return home && isProgram(home) ? home : findProgram('java', env);
}

function findProgram(name: string, env: Environment): string | undefined {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
