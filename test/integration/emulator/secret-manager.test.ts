import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { PassThroughClient } from 'google-auth-library';
import type { LocalServer } from '../../../emulator/local-server.ts';
import { startSecretManager } from '../../../emulator/secret-manager.ts';
import { type SecretStore, secretStore } from '../../../emulator/secret-store.ts';

const parent = 'projects/demo-secrets';
/** gRPC status codes, as Google's client throws them. */
const [invalidArgument, notFound, alreadyExists, failedPrecondition] = [3, 5, 6, 9];

let server: LocalServer;
let client: SecretManagerServiceClient;
let store: SecretStore;

beforeEach(async () => {
  store = secretStore(undefined);
  server = await startSecretManager(store);
  client = new SecretManagerServiceClient({
    fallback: true,
    protocol: 'http',
    apiEndpoint: '127.0.0.1',
    port: server.port,
    authClient: new PassThroughClient(),
  });
});
afterEach(async () => {
  await client.close();
  await server.stop();
});

const create = (secretId: string) =>
  client.createSecret({ parent, secretId, secret: { replication: { automatic: {} } } });
const add = (name: string, text: string) =>
  client.addSecretVersion({ parent: `${parent}/secrets/${name}`, payload: { data: Buffer.from(text) } });
const access = async (name: string, version: string) => {
  const [answer] = await client.accessSecretVersion({ name: `${parent}/secrets/${name}/versions/${version}` });
  return { name: answer.name, text: Buffer.from(answer.payload?.data ?? '').toString() };
};

describe('the local Secret Manager, through Google’s client', () => {
  it('adds versions and hands out the newest and any older one', async () => {
    await create('state-key');
    expect((await add('state-key', 'first'))[0]).toMatchObject({ name: `${parent}/secrets/state-key/versions/1` });
    await add('state-key', 'second');
    await expect(access('state-key', 'latest')).resolves.toEqual({
      name: `${parent}/secrets/state-key/versions/2`,
      text: 'second',
    });
    await expect(access('state-key', '1')).resolves.toMatchObject({ text: 'first' });
  });

  it('hands out no disabled version until it is enabled again', async () => {
    await create('state-key');
    await add('state-key', 'only');
    const name = `${parent}/secrets/state-key/versions/1`;
    await client.disableSecretVersion({ name });
    await expect(access('state-key', '1')).rejects.toMatchObject({ code: failedPrecondition });
    await expect(access('state-key', 'latest')).rejects.toMatchObject({ code: failedPrecondition });
    await client.enableSecretVersion({ name });
    await expect(access('state-key', '1')).resolves.toMatchObject({ text: 'only' });
  });

  it('refuses as Google does', async () => {
    await create('state-key');
    await expect(create('state-key')).rejects.toMatchObject({ code: alreadyExists });
    await expect(create('no/slash')).rejects.toMatchObject({ code: invalidArgument });
    await expect(access('state-key', 'latest')).rejects.toMatchObject({ code: notFound });
    await expect(access('other', '1')).rejects.toMatchObject({ code: notFound });
    await expect(add('other', 'x')).rejects.toMatchObject({ code: notFound });
  });

  it('answers what is not JSON with 400 and an unknown path with 404', async () => {
    await create('state-key');
    const base = `http://127.0.0.1:${server.port}/v1/${parent}`;
    const broken = await fetch(`${base}/secrets/state-key:addVersion`, { method: 'POST', body: '{' });
    expect(broken.status).toBe(400);
    expect((await fetch(`${base}/elsewhere`)).status).toBe(404);
  });
});

describe('a secret store in a file', () => {
  it('finds its secrets again, readable by nobody else', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'nightvault-secrets-')), 'secrets.json');
    secretStore(file).keep('state-key', () => Buffer.from('kept'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(secretStore(file).access('state-key', 'latest')).toEqual({ number: 1, data: Buffer.from('kept') });
  });

  it('adds a version only for a value that is new', () => {
    store.keep('smtp-url', () => Buffer.from('smtp://127.0.0.1:1'));
    store.keep('smtp-url', (newest) => newest ?? Buffer.from('unused'));
    store.keep('smtp-url', () => Buffer.from('smtp://127.0.0.1:2'));
    expect(store.access('smtp-url', 'latest').number).toBe(2);
  });
});
