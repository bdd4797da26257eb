import type { Platform } from '../shared/platform/context.ts';
import type { AnyFunction } from '../shared/platform/definition.ts';
import type { SecretName } from '../shared/platform/secrets.ts';
import { storeAccess } from '../shared/platform/store-access.ts';

const writeKeysSecret: SecretName = 'analytics-write-keys';

/** What IAM would refuse: the emulators let everybody do everything. */
export class NotPermitted extends Error {
  static readonly code = 'NOT_PERMITTED';
  readonly code = NotPermitted.code;

  constructor(name: string, what: string) {
    super(`${name} may not ${what}: deployed, its service account has no such role. See docs/iam.md.`);
    this.name = 'NotPermitted';
  }
}

/** The same platform, as the service account of this function has it on Google Cloud. */
export function withPermissions(entry: AnyFunction, platform: Platform): Platform {
  const { database, sealer, writeKeys, publisher, mailer } = platform;
  const access = storeAccess(entry);
  const refuse = (what: string) => Promise.reject(new NotPermitted(entry.name, what));
  const reading = <F extends (...args: never[]) => Promise<unknown>>(read: F): F =>
    access === 'none' ? ((() => refuse('read the database')) as unknown as F) : read;
  /** Every method of a sealer names the secret first. */
  const withSecret = <F extends (name: SecretName, ...args: never[]) => Promise<unknown>>(use: F): F =>
    ((name: SecretName, ...args: never[]) =>
      entry.secrets.includes(name) ? use(name, ...args) : refuse(`read the secret ${name}`)) as F;
  /** Every method of a publisher names the topic first. */
  const toTopic = <F extends (topic: string, ...args: never[]) => Promise<unknown>>(publish: F): F =>
    ((topic: string, ...args: never[]) =>
      entry.publishes.includes(topic) ? publish(topic, ...args) : refuse(`publish to the topic ${topic}`)) as F;
  return {
    ...platform,
    database: {
      ...each(database, reading),
      commit: (writes) =>
        access === 'writes' || writes.length === 0 ? database.commit(writes) : refuse('write to the database'),
    },
    sealer: each(sealer, withSecret),
    writeKeys: {
      accepts: (key) =>
        entry.secrets.includes(writeKeysSecret) ? writeKeys.accepts(key) : refuse(`read the secret ${writeKeysSecret}`),
    },
    publisher: each(publisher, toTopic),
    mailer: {
      send: (mail) => (entry.secrets.includes('smtp-url') ? mailer.send(mail) : refuse('read the secret smtp-url')),
    },
  };
}

/** The same object, with something done to each of its methods, which is looked up when it is called. */
const each = <T extends object>(methods: T, change: <F extends T[keyof T] & never>(method: F) => F): T => {
  const byName = methods as Readonly<Record<string, (...args: unknown[]) => unknown>>;
  const changed = (name: string) => change(((...args: unknown[]) => byName[name]?.(...args)) as never);
  return Object.fromEntries(Object.keys(methods).map((name) => [name, changed(name)])) as T;
};
