import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { headOf } from '../shared/platform/http/unread-body.ts';
import { type LocalServer, listen } from './local-server.ts';
import { Refusal, refusals, type SecretStore } from './secret-store.ts';

/** A version's data in a request or answer: base64. */
interface Payload {
  readonly payload?: { readonly data?: string };
}

/**
 * Secret Manager's REST surface, as far as its own Node client needs it, over a SecretStore: create, addVersion,
 * access, enable, disable. https://cloud.google.com/secret-manager/docs/reference/rest
 */
export function startSecretManager(store: SecretStore): Promise<LocalServer> {
  return listen(0, async (request, response) => {
    const { status, body } = await answer(request, store);
    const text = JSON.stringify(body);
    response
      .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      .end(text);
  });
}

async function answer(request: IncomingMessage, store: SecretStore): Promise<{ status: number; body: object }> {
  try {
    return { status: 200, body: await perform(request, store) };
  } catch (error) {
    const { status, message } =
      error instanceof Refusal ? error : new Refusal('INVALID_ARGUMENT', 'The body is not valid.');
    const code = refusals[status];
    return { status: code, body: { error: { code, status, message } } };
  }
}

const secretPath = /^\/v1\/(projects\/[^/]+)\/secrets(?:\/([^/:]+))?(?:\/versions\/([^/:]+))?(?::(\w+))?$/;

async function perform(request: IncomingMessage, store: SecretStore): Promise<object> {
  const url = new URL(headOf(request).url, 'http://localhost');
  const [, project, name, version, verb] = secretPath.exec(decodeURIComponent(url.pathname)) ?? [];
  const call = [request.method, name && 'SECRET', version && 'VERSION', verb].filter(Boolean).join(' ');
  const resource = (secret: string, number?: number) =>
    `${project}/secrets/${secret}${number === undefined ? '' : `/versions/${number}`}`;
  switch (call) {
    case 'POST': {
      const secret = url.searchParams.get('secretId') ?? '';
      if (!/^[\w-]{1,255}$/.test(secret)) throw new Refusal('INVALID_ARGUMENT', 'The secretId is not valid.');
      store.create(secret);
      return { name: resource(secret), replication: { automatic: {} } };
    }
    case 'POST SECRET addVersion': {
      const { payload } = (await json(request)) as Payload;
      const number = store.addVersion(name ?? '', Buffer.from(payload?.data ?? '', 'base64'));
      return { name: resource(name ?? '', number), state: 'ENABLED' };
    }
    case 'GET SECRET VERSION access': {
      const { number, data } = store.access(name ?? '', version ?? '');
      return { name: resource(name ?? '', number), payload: { data: data.toString('base64') } };
    }
    case 'POST SECRET VERSION enable':
    case 'POST SECRET VERSION disable': {
      const { number, state } = store.setState(name ?? '', version ?? '', verb === 'enable' ? 'ENABLED' : 'DISABLED');
      return { name: resource(name ?? '', number), state };
    }
    default:
      throw new Refusal('NOT_FOUND', 'There is no such method here.');
  }
}
