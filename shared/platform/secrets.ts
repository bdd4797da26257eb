import type { Clock } from './clock.ts';

/** Every secret of a deployment: 32 random bytes each, but for the two last, which are text. */
export const secretNames = [
  'state-key',
  'verifier-key',
  'salt-key',
  'mail-key',
  'analytics-id-key',
  'analytics-write-keys',
  'smtp-url',
] as const;
export type SecretName = (typeof secretNames)[number];

export interface Secret {
  /** Secret Manager's version number. */
  readonly version: string;
  readonly bytes: Uint8Array;
}

export interface Secrets {
  /** The newest version, at most five minutes old. */
  current(name: SecretName): Promise<Secret>;
  /** That version, to open what was sealed under it; `undefined` when it is disabled or gone. */
  version(name: SecretName, version: string): Promise<Secret | undefined>;
}

export class SecretUnavailable extends Error {
  static readonly code = 'SECRET_UNAVAILABLE';
  readonly code = SecretUnavailable.code;

  constructor(name: string, cause: unknown) {
    super(`The secret ${name} cannot be read: does it exist, and may this service account access it?`, { cause });
    this.name = 'SecretUnavailable';
  }
}

/** Reads one version's payload, `latest` for the newest; `undefined` when there is no such version. */
export type AccessSecret = (name: SecretName, version: string) => Promise<Secret | undefined>;

/** gRPC NOT_FOUND, and FAILED_PRECONDITION for a version that is disabled or destroyed. */
const gone = new Set<unknown>([5, 9]);
const freshFor = 5 * 60_000;

/** Remembers versions for ever and the newest for five minutes, so that a rotation needs no redeployment. */
export function cachedSecrets(access: AccessSecret, clock: Clock): Secrets {
  const newest = new Map<SecretName, { secret: Promise<Secret>; until: number }>();
  const versions = new Map<string, Promise<Secret | undefined>>();

  const latest = async (name: SecretName): Promise<Secret> => {
    const secret = await access(name, 'latest');
    if (secret === undefined) throw new SecretUnavailable(name, 'it has no enabled version');
    return secret;
  };
  return {
    current: (name) => {
      const known = newest.get(name);
      if (known !== undefined && clock.now() < known.until) return known.secret;
      const secret = latest(name);
      newest.set(name, { secret, until: clock.now() + freshFor });
      secret.catch(() => newest.delete(name));
      return secret;
    },
    version: (name, version) => {
      const key = `${name}/${version}`;
      const known = versions.get(key);
      if (known !== undefined) return known;
      const secret = access(name, version);
      versions.set(key, secret);
      secret.catch(() => versions.delete(key));
      return secret;
    },
  };
}

interface SecretManagerPlace {
  readonly projectId: string;
  /** `host:port` of a local endpoint that speaks Secret Manager's REST API; none on Google Cloud. */
  readonly localHost?: string | undefined;
}

/** Secret Manager through Google's own client, loaded at the first use (it takes a quarter of a second). */
export function secretManagerAccess({ projectId, localHost }: SecretManagerPlace): AccessSecret {
  let client: Promise<import('@google-cloud/secret-manager').SecretManagerServiceClient> | undefined;
  return async (name, version) => {
    client ??= connect(localHost);
    try {
      const path = `projects/${projectId}/secrets/${name}/versions/${version}`;
      const [answer] = await (await client).accessSecretVersion({ name: path });
      const data = answer.payload?.data;
      if (!data) throw new Error('the secret is empty');
      const bytes = typeof data === 'string' ? Buffer.from(data, 'base64') : Uint8Array.from(data);
      return { version: answer.name?.split('/').at(-1) ?? version, bytes };
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && gone.has(cause.code)) return undefined;
      throw new SecretUnavailable(name, cause);
    }
  };
}

async function connect(localHost: string | undefined) {
  const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
  if (localHost === undefined) return new SecretManagerServiceClient();
  const { PassThroughClient } = await import('google-auth-library');
  const [host = '', port = ''] = localHost.split(':');
  const authClient = new PassThroughClient();
  return new SecretManagerServiceClient({
    fallback: true,
    protocol: 'http',
    apiEndpoint: host,
    port: Number(port),
    authClient,
  });
}
