import { once } from 'node:events';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../emulator/ports.ts';
import { makePerson } from '../support/people.ts';
import { descendants, living, type Program, runProgram, stopAll } from '../support/program.ts';

const started: Program[] = [];

function start(args: readonly string[], env?: NodeJS.ProcessEnv): Program {
  const program = runProgram(process.execPath, ['emulator/main.ts', ...args], env);
  started.push(program);
  return program;
}

const readyLine = /^nightvault ready (http:\/\/127\.0\.0\.1:\d+)$/m;

async function ready(program: Program): Promise<string> {
  const [, url = ''] = await program.printed(readyLine);
  return url;
}

const json = async (url: string) => (await fetch(url)).json() as Promise<unknown>;

const post = async (url: string, body: object) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as unknown };
};

afterEach(async () => {
  for (const { process: child } of started) stopAll(child.pid ?? 0);
  await Promise.all(started.splice(0).map(({ exit }) => exit));
});

describe('npm start', () => {
  it('serves everything at one address, and leaves nothing behind when told to stop', async () => {
    const port = await freePort();
    const program = runProgram('npm', ['start', '--', '--port', String(port)], { npm_config_loglevel: 'silent' });
    started.push(program);
    expect(await ready(program)).toBe(`http://127.0.0.1:${port}`);
    const base = `http://127.0.0.1:${port}`;
    expect(await json(`${base}/healthz`)).toEqual({ status: 'ok' });
    expect(await json(`${base}/_local/mail`)).toEqual([]);
    expect(await json(`${base}/_local/store`)).toEqual({});
    expect((await fetch(base)).headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(program.output()).toMatch(new RegExp(`^ +POST ${base}/login-start +public +\\S`, 'm'));
    expect(program.output()).not.toContain('\u001b[');

    const processes = descendants(program.process.pid ?? 0);
    expect(processes.length).toBeGreaterThan(2);
    program.process.kill('SIGTERM');
    expect(await program.exit).toBe(0);
    expect(living(processes)).toEqual([]);
  });

  it('finds its data again: documents, mails, and the secrets that open them', async () => {
    const data = join(mkdtempSync(join(tmpdir(), 'nightvault-e2e-')), 'data');
    const { email, signUpBody } = await makePerson();
    const nobody = { email: 'nobody@example.com' };

    const first = start(['--port', '0', '--data', data]);
    const before = await ready(first);
    expect(await post(`${before}/account-create`, signUpBody)).toMatchObject({ status: 202 });
    await first.printed(new RegExp(`mail +${email.replaceAll(/[.+]/g, '\\$&')}`));
    const decoy = await post(`${before}/login-salts`, nobody);
    const mails = await json(`${before}/_local/mail`);
    const { accounts } = (await json(`${before}/_local/store`)) as { accounts: object };
    first.process.kill('SIGINT');
    expect(await first.exit).toBe(0);
    expect(statSync(data).mode & 0o077).toBe(0);

    const after = await ready(start(['--port', '0', '--data', data]));
    expect(await json(`${after}/_local/mail`)).toEqual(mails);
    expect(await json(`${after}/_local/store`)).toMatchObject({ accounts });
    expect(await post(`${after}/login-salts`, nobody)).toEqual(decoy);
    const { saltKey, saltAuth } = signUpBody;
    expect(await post(`${after}/login-salts`, { email })).toMatchObject({ status: 200, body: { saltKey, saltAuth } });
  });

  it('takes its emulators along even when it is killed', async () => {
    const program = start(['--port', '0']);
    await ready(program);
    const processes = descendants(program.process.pid ?? 0);
    program.process.kill('SIGKILL');
    await program.exit;
    const deadline = performance.now() + 5_000;
    while (living(processes).length > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(living(processes)).toEqual([]);
  });
});

describe('npm start, where it cannot', () => {
  /** Ends by itself, with one sentence. */
  async function refusal(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
    const program = start(args, env);
    expect(await program.exit).toBe(1);
    expect(program.errors().trim().split('\n')).toHaveLength(1);
    return program.errors().trim();
  }

  it('names a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const said = await refusal(['--port', String(port)]).finally(() => server.close());
    expect(said).toBe(`Port ${port} is in use: stop what listens there, or choose another one with --port.`);
  });

  it('asks for Java where there is none', async () => {
    const said = await refusal(['--port', '0'], { PATH: '/nowhere', JAVA_HOME: undefined });
    expect(said).toMatch(/^Java is missing: install a Java runtime, version 21 or later/);
  });

  it('names an emulator that does not come up, and where it says why', async () => {
    const jar = join(mkdtempSync(join(tmpdir(), 'nightvault-jar-')), 'broken.jar');
    writeFileSync(jar, 'no jar');
    const said = await refusal(['--port', '0'], { FIRESTORE_EMULATOR_JAR: jar });
    expect(said).toMatch(/^The Firestore emulator ended early \(exit code 1\): its output is in .+firestore\.log\.$/);
    expect(statSync(/in (.+firestore\.log)\.$/.exec(said)?.[1] ?? '').size).toBeGreaterThan(0);
  });

  it('names a jar that is not there', async () => {
    const said = await refusal(['--port', '0'], { PUBSUB_EMULATOR_JAR: '/nowhere/pubsub.jar' });
    expect(said).toBe(
      'The Pub/Sub emulator’s jar /nowhere/pubsub.jar does not exist: correct or unset PUBSUB_EMULATOR_JAR.',
    );
  });

  it('names an emulator that it was told of and that does not answer', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const said = await refusal(['--port', '0'], { FIRESTORE_EMULATOR_HOST: host });
    expect(said).toBe(
      `FIRESTORE_EMULATOR_HOST is ${host}, but no emulator answers there: start that one, or unset FIRESTORE_EMULATOR_HOST.`,
    );
  });

  it('names a data folder that it cannot write', async () => {
    expect(await refusal(['--port', '0', '--data', '/dev/null/data'])).toMatch(
      /^The data folder \/dev\/null\/data cannot be written/,
    );
  });

  it.each([[['--prot', '1']], [['--port', 'x']], [['--port', '70000']], [['--data', '']], [['extra']]])(
    'points to its help when called with %j',
    async (args) => {
      expect(await refusal(args)).toMatch(/ See npm start -- --help\.$/);
    },
  );

  it('shows its help when asked', async () => {
    const program = start(['--help']);
    expect(await program.exit).toBe(0);
    expect(program.output()).toContain('--data DIR');
  });
});
