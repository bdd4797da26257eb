import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSecretManager } from '../../emulator/secret-manager.ts';
import { secretStore } from '../../emulator/secret-store.ts';
import { type Deployable, deployables } from '../../functions/bundle/bundle.ts';
import { secretNames } from '../../shared/platform/secrets.ts';
import { installBundle, linkBundle } from '../support/bundles/installed.ts';
import { probeBundle } from '../support/bundles/probe.ts';
import { startBundle } from '../support/bundles/process.ts';

let place: string;
let secretManager: Awaited<ReturnType<typeof startSecretManager>>;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'bundles-'));
  const secrets = secretStore(undefined);
  for (const name of secretNames) secrets.keep(name, () => randomBytes(32));
  secretManager = await startSecretManager(secrets);
});
afterAll(async () => {
  await secretManager.stop();
  rmSync(place, { recursive: true, force: true });
});

const install = (name: string) => installBundle(deployables.find((each) => each.name === name) as Deployable, place);

const services = () => ({
  FIRESTORE_EMULATOR_HOST: process.env.FIRESTORE_EMULATOR_HOST,
  PUBSUB_EMULATOR_HOST: process.env.PUBSUB_EMULATOR_HOST,
  SECRET_MANAGER_HOST: `127.0.0.1:${secretManager.port}`,
});
const asking = (email: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ email }),
});

/** One of each kind: of a page and its files, a topic, a schedule, and what is called with a key, a session or by operators. */
const sample = [
  ...['vault', 'page-file', 'analytics-ingest', 'maintenance-history'],
  ...['analytics-collect', 'changes-push', 'email-status'],
];

describe('a bundle of each kind', () => {
  // All of them: npm run test:bundles
  it('answers, unpacked and started as Google does it', async () => {
    // What these two need is all that any of them needs.
    const installed = [await install('nightvault'), await install('email-deliver')];
    const rest = deployables.filter(({ name }) => sample.includes(name));
    expect(rest).toHaveLength(sample.length);
    const linked = join(place, 'linked');
    const wrong: string[] = [];
    // Two at a time, for a process that starts keeps one core busy.
    const probe = async () => {
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
        const found = await probeBundle(next, await linkBundle(next, linked, installed), place);
        if (found !== undefined) wrong.push(found);
      }
    };
    await Promise.all([probe(), probe()]);
    expect(wrong).toEqual([]);
  }, 600_000);
});

describe('a bundle, installed and started as Google does it', () => {
  it('answers', async () => {
    const { first, stop } = await startBundle(await install('healthz'), { method: 'GET' });
    expect({ status: first.status, body: await first.json() }).toEqual({ status: 200, body: { status: 'ok' } });
    await stop();
  });

  it('says which setting is missing, and does not start', async () => {
    const started = startBundle(await install('healthz'), { method: 'GET' }, { NIGHTVAULT_BASE_URL: '' });
    await expect(started).rejects.toThrow(
      'The environment variable NIGHTVAULT_BASE_URL is not set: see docs/settings.md.',
    );
  });

  it('stands for all that clients call, each at the path of its name', async () => {
    const installed = await install('nightvault');
    const { url, first, output, stop } = await startBundle(installed, { method: 'GET', path: '/healthz' }, services());
    const salts = await fetch(`${url}/login-salts`, asking('bob@example.com'));
    const saltsBody = await salts.json();
    const whole = await fetch(`${url}/nightvault/healthz`);
    const below = await fetch(`${url}/analytics-collect/v1/batch`, { ...asking(''), body: '{"batch":[]}' });
    const unknown = await fetch(`${url}/nothing`);
    const operators = await fetch(`${url}/email-status`);
    const answers = [await below.json(), await unknown.json(), await operators.json()];
    await stop();
    expect([first, salts, whole, below, unknown, operators].map(({ status }) => status)).toEqual([
      200, 200, 200, 401, 404, 404,
    ]);
    expect(answers).toMatchObject([
      { code: 'WRITE_KEY_INVALID', detail: 'This call carries no write key, in Basic authentication or in its body.' },
      { code: 'FUNCTION_NOT_FOUND', detail: 'There is no function "nothing".' },
      { code: 'FUNCTION_NOT_FOUND', detail: 'There is no function "email-status".' },
    ]);
    // It has reached the database and the secrets, by the packages that npm installed.
    expect(saltsBody).toMatchObject({ saltKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(output()).toMatch(/"message":"login-salts 200".*"reads":[1-9]/);
  });
});
