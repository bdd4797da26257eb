import { randomBytes } from 'node:crypto';
import { firestoreDatabase } from '../store/firestore.ts';
import type { Clock } from './clock.ts';
import type { Platform } from './context.ts';
import type { Log } from './log.ts';
import { smtpMailer } from './mailer.ts';
import { bundledPages } from './pages.ts';
import { pubSubPublisher } from './publisher.ts';
import { sealer } from './sealing.ts';
import { cachedSecrets, secretManagerAccess } from './secrets.ts';
import type { Settings } from './settings.ts';
import { turns } from './turns.ts';
import { writeKeys } from './write-keys.ts';

interface Environment {
  /** `host:port` of a local Secret Manager; none on Google Cloud. */
  readonly SECRET_MANAGER_HOST?: string | undefined;
}

/** Wires the real services together. Nothing is connected, and no client loaded, before its first use. */
export function createPlatform(
  settings: Settings,
  environment: Environment,
  log: Log,
): Platform & { close(): Promise<void> } {
  const clock: Clock = { now: () => Date.now() };
  const { projectId } = settings;
  const secrets = cachedSecrets(secretManagerAccess({ projectId, localHost: environment.SECRET_MANAGER_HOST }), clock);
  const database = firestoreDatabase(settings);
  const publisher = pubSubPublisher(projectId);
  const mailer = smtpMailer(settings.mailFrom, secrets);
  return {
    settings,
    database,
    clock,
    random: (bytes) => randomBytes(bytes),
    sealer: sealer(secrets),
    writeKeys: writeKeys(secrets),
    publisher,
    mailer,
    pages: bundledPages(import.meta.dirname),
    turns: turns(),
    log,
    close: async () => {
      mailer.close();
      await Promise.all([database.close(), publisher.close()]);
    },
  };
}
