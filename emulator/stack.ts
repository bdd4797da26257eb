import { randomBytes } from 'node:crypto';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { usageReport } from '../functions/analytics/analytics-report.ts';
import openApi from '../functions/openapi.json' with { type: 'json' };
import { registry as everyFunction } from '../functions/registry.ts';
import type { Clock } from '../shared/platform/clock.ts';
import type { AnyFunction } from '../shared/platform/definition.ts';
import type { Log } from '../shared/platform/log.ts';
import { createPlatform } from '../shared/platform/platform.ts';
import { registerFunctions } from '../shared/platform/register.ts';
import { secretNames } from '../shared/platform/secrets.ts';
import { defaults } from '../shared/platform/settings.ts';
import { builtPages } from './built-pages.ts';
import { type DataFolder, dataFolder } from './data-folder.ts';
import { type Emulators, hostVariables, startEmulators } from './emulators.ts';
import { importDatabase } from './firestore-rest.ts';
import { front, functionRoute, type Route, refuseBadHttp, starting } from './front.ts';
import { type ListedFunction, listFunctions } from './function-list.ts';
import { withIndexCheck } from './index-check.ts';
import { localRoutes, type Views } from './local-routes.ts';
import { listen } from './local-server.ts';
import { type Mailbox, startMailbox } from './mailbox.ts';
import { withPermissions } from './permissions.ts';
import { provision, unsubscribe } from './provision.ts';
import { recentLog } from './recent-log.ts';
import { keepSaved } from './saving.ts';
import { keepSchedule } from './schedule.ts';
import { startSecretManager } from './secret-manager.ts';
import { secretStore } from './secret-store.ts';
import { storeView } from './store-view.ts';

export interface StackOptions {
  /** 0 for a free one. */
  readonly port: number;
  /** Keeps the data there, and starts with what is there. In memory unless given. */
  readonly dataDir?: string | undefined;
  /** Gets every log line of the functions. */
  readonly log?: Log;
  /** Separates stacks that share emulators. */
  readonly projectId?: string;
  /** What is not as a deployment has it by default. */
  readonly settings?: Partial<typeof defaults>;
  /** What time it is for the functions, if it is not the real one. */
  readonly clock?: Clock;
  /** The functions to serve; all of them unless given. */
  readonly registry?: readonly AnyFunction[];
}

/** The whole system, running. */
export interface Stack {
  /** What stands before a function's name: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly mailbox: Mailbox;
  /** Where its secrets are, for a process beside it: the `SECRET_MANAGER_HOST` of its environment. */
  readonly secretManagerHost: string;
  readonly platform: ReturnType<typeof createPlatform>;
  readonly functions: readonly ListedFunction[];
  /** Resolves with a sentence should an emulator end by itself. */
  readonly died: Promise<string>;
  /** Saves the data and stops everything that was started. */
  stop(): Promise<void>;
}

const defaultProject = 'demo-nightvault';
const keptLogLines = 500;

/**
 * Starts everything, in parallel.
 * @throws StartError with one sentence that says what to do; then nothing is left running
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { port, dataDir, log: next, projectId = defaultProject, registry = everyFunction } = options;
  const cleanup = new AsyncDisposableStack();
  const log = recentLog(next, keptLogLines);
  let handle: ReturnType<typeof front> | typeof starting = starting;
  try {
    const server = await listen(port, (request, response) => handle(request, response), refuseBadHttp);
    cleanup.defer(() => server.stop());
    const folder = dataFolder(dataDir);
    let failed = true;
    cleanup.defer(() => folder.discard(failed));
    const { mailbox, emulators, secretManager } = await startServices(folder, cleanup);

    const url = `http://127.0.0.1:${server.port}`;
    const place = { host: emulators.hosts.firestore, projectId };
    const pubsub = { host: emulators.hosts.pubsub, projectId };
    if (folder.store !== undefined) await importDatabase(place, folder.store);
    const saving = folder.store === undefined ? undefined : keepSaved(place, folder.store);
    const settings = { ...localSettings, ...options.settings, projectId, baseUrl: url };
    const secretManagerHost = `127.0.0.1:${secretManager.port}`;
    const real = createPlatform(settings, { SECRET_MANAGER_HOST: secretManagerHost }, log);
    const platform = {
      ...real,
      database: withIndexCheck(real.database),
      clock: options.clock ?? real.clock,
      pages: builtPages,
    };
    cleanup.defer(() => platform.close());
    cleanup.defer(registerFunctions(registry, (entry) => withPermissions(entry, platform)));
    const functions = listFunctions(registry, url);
    handle = front(
      routes(
        registry,
        {
          mail: () => mailbox.mails(),
          store: () => storeView(place),
          usage: () => usageReport({}, platform),
          log: () => log.lines(),
          functions: () => functions,
          openapi: () => openApi,
        },
        saving?.changed,
      ),
      log,
    );
    cleanup.defer(() => saving?.stop());
    cleanup.defer(() => unsubscribe(registry, pubsub));
    cleanup.defer(keepSchedule(registry, url));
    await provision(registry, pubsub, url);
    failed = false;

    const stop = async () => {
      await server.stop();
      await cleanup.disposeAsync();
    };
    return { url, mailbox, secretManagerHost, platform, functions, died: emulators.died, stop };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}

/** The analytics write key of every local stack: events stay on this computer. */
const localWriteKey = 'local-write-key';

const localSettings = {
  databaseId: '(default)',
  mailFrom: 'Nightvault <nightvault@example.com>',
  corsOrigins: ['*'],
  trustedHops: 0,
  ...defaults,
};

interface Services {
  readonly emulators: Emulators;
  readonly mailbox: Mailbox;
  readonly secretManager: { readonly port: number };
}

/** What the functions call, each with its place in the environment or in a secret. */
async function startServices(folder: DataFolder, cleanup: AsyncDisposableStack): Promise<Services> {
  const started = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const service = await starting;
    cleanup.defer(() => service.stop());
    return service;
  };
  const secrets = secretStore(folder.secrets);
  const starting = [
    started(startEmulators(folder.logs)),
    started(startMailbox(folder.mails)),
    started(startSecretManager(secrets)),
  ] as const;
  await Promise.allSettled(starting);
  const [emulators, mailbox, secretManager] = await Promise.all(starting);
  for (const name of secretNames) {
    secrets.keep(name, (newest) => {
      if (name === 'smtp-url') return Buffer.from(`smtp://127.0.0.1:${mailbox.port}`);
      return newest ?? (name === 'analytics-write-keys' ? Buffer.from(localWriteKey) : randomBytes(32));
    });
  }
  setEnvironment(
    {
      [hostVariables.firestore]: emulators.hosts.firestore,
      [hostVariables.pubsub]: emulators.hosts.pubsub,
      METADATA_SERVER_DETECTION: 'none',
    },
    cleanup,
  );
  return { emulators, mailbox, secretManager };
}

/** Google's clients find the emulators, and learn that there is no metadata server, in the environment only. */
function setEnvironment(values: Readonly<Record<string, string>>, cleanup: AsyncDisposableStack): void {
  for (const [name, value] of Object.entries(values)) {
    const before = process.env[name];
    process.env[name] = value;
    cleanup.defer(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

function routes(registry: readonly AnyFunction[], views: Views, called: (() => void) | undefined): Map<string, Route> {
  const { page, local } = localRoutes(views);
  const routes = new Map<string, Route>([
    ['', page],
    ['_local', local],
  ]);
  for (const { name } of registry) {
    const route = functionRoute(getTestServer(name));
    routes.set(name, (request, response, url) => {
      if (called !== undefined && request.method !== 'GET') response.once('close', called);
      return route(request, response, url);
    });
  }
  return routes;
}
