import type { Platform } from '../shared/platform/context.ts';
import type { AnyFunction } from '../shared/platform/definition.ts';
import type { SecretName } from '../shared/platform/secrets.ts';
import { storeAccess } from '../shared/platform/store-access.ts';

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
  const { database, sealer, publisher, mailer } = platform;
  const access = storeAccess(entry);
  const refuse = (what: string) => Promise.reject(new NotPermitted(entry.name, what));
  const reading = <F extends (...args: never[]) => Promise<unknown>>(read: F): F =>
    access === 'none' ? ((() => refuse('read the database')) as unknown as F) : read;
  const withSecret = <A extends unknown[], R>(use: (name: SecretName, ...args: A) => Promise<R>) => {
    return (name: SecretName, ...args: A): Promise<R> =>
      entry.secrets.includes(name) ? use(name, ...args) : refuse(`read the secret ${name}`);
  };
  return {
    ...platform,
    database: {
      get: reading(database.get),
      list: reading(database.list),
      sum: reading(database.sum),
      count: reading(database.count),
      commit: (writes) =>
        access === 'writes' || writes.length === 0 ? database.commit(writes) : refuse('write to the database'),
    },
    sealer: {
      seal: withSecret(sealer.seal),
      open: withSecret(sealer.open),
      sign: withSecret(sealer.sign),
      verify: withSecret(sealer.verify),
      derive: withSecret(sealer.derive),
    },
    publisher: {
      publish: (topic, message) =>
        entry.publishes.includes(topic) ? publisher.publish(topic, message) : refuse(`publish to the topic ${topic}`),
    },
    mailer: {
      send: (mail) => (entry.secrets.includes('smtp-url') ? mailer.send(mail) : refuse('read the secret smtp-url')),
    },
  };
}
