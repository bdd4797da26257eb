import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usedFunctions } from '../../../client/command/doctor/server.ts';
import type { Account } from '../../../client/index.ts';
import { registry } from '../../../functions/registry.ts';
import { logInAt, newTerminal, type Terminal, well } from '../../support/command.ts';
import { notInstalled } from '../../support/installed.ts';
import { codeIn, mailsTo } from '../../support/mail.ts';
import { type Program, runProgram } from '../../support/program.ts';
import { bob as bobsAccount, enter, jane as janesAccount } from '../../support/sdk.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Terminal;
let bob: Terminal;
let janes: Account;
beforeAll(async () => {
  stack = await startTestStack();
  jane = await newTerminal({ NIGHTVAULT_SERVER: stack.url });
  bob = await newTerminal({ NIGHTVAULT_SERVER: stack.url });
  [janes] = await Promise.all([enter(stack, janesAccount), enter(stack, bobsAccount)]);
  await (await janes.groups.create('Orders')).share(bobsAccount.email, 'editor');
  await Promise.all([logInAt(jane, janesAccount), logInAt(bob, bobsAccount)]);
});
afterAll(async () => {
  await Promise.all([jane.drop(), bob.drop()]);
  await stack.stop();
});

const file = (terminal: Terminal, path: string) => readFile(join(terminal.cwd, path), 'utf8');
const resetCode = async (email: string): Promise<string> => {
  for (;;) {
    const mail = mailsTo(stack, email).find(
      ({ subject }) => subject === 'Your code to reset your Nightvault passphrase',
    );
    if (mail !== undefined) return codeIn(mail);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** An address on this computer where nothing listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

describe('an account', () => {
  it('gets another passphrase, and the session stays', async () => {
    const env = { NIGHTVAULT_PASSPHRASE: janesAccount.passphrase, NIGHTVAULT_NEW_PASSPHRASE: 'another one' };
    well(await jane('passphrase change', { env }));
    well(await jane('whoami'));
    const old = await jane('login --email jane@example.com', { env });
    expect(old).toMatchObject({ code: 3, err: expect.stringContaining('The server refused: Login failed.') });
    well(await jane('login --email jane@example.com', { env: { NIGHTVAULT_PASSPHRASE: 'another one' } }));
  });

  const orders = { cwd: '' };

  it('replaces a forgotten passphrase after having seen what that costs', async () => {
    orders.cwd = join(bob.cwd, 'orders');
    await mkdir(orders.cwd);
    well(await bob('sync -g Orders', orders));
    well(await bob('passphrase reset --email bob@example.com'));
    const reset = ['passphrase', 'reset', '--code', await resetCode('bob@example.com')];
    const no = await bob.line(reset, { answers: [false], env: { NIGHTVAULT_NEW_PASSPHRASE: 'third' } });
    expect(no).toMatchObject({ code: 2, err: expect.stringMatching(/Orders +can be opened again by Jane/) });
    well(await bob.line([...reset, '--yes'], { env: { NIGHTVAULT_NEW_PASSPHRASE: 'third' } }));
    well(await bob('login --email bob@example.com', { env: { NIGHTVAULT_PASSPHRASE: 'third' } }));
  });

  it('is let in again by who has compared the new key', async () => {
    const { json } = well(await bob('whoami --json'));
    const { out } = well(await jane('readmit'));
    expect(out).toMatch(/^ADDRESS +GROUP +FINGERPRINT\nbob@example.com +Orders +[0-9a-f]{4} /);
    expect(well(await bob('groups')).out).toMatch(/Orders +waits for a key; ask Jane/);
    expect(await bob('sync', orders)).toMatchObject({
      code: 5,
      err: expect.stringContaining('an admin of the group can grant its key'),
    });
    const no = await jane('readmit bob@example.com', { answers: [false] });
    expect(no).toMatchObject({ code: 7, err: expect.stringContaining(String(json.fingerprint)) });
    const right = ['readmit', 'bob@example.com', '--fingerprint', String(json.fingerprint)];
    expect(well(await jane.line(right)).out).toBe('bob@example.com has the keys of 1 group again.\n');
    expect(well(await bob('groups')).out).toMatch(/Orders +editor/);
    expect(well(await jane('readmit')).out).toBe('Nobody waits for you.\n');
    const again = await jane('readmit bob@example.com');
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('bob@example.com does not wait for you.') });
  });

  it('takes a copy of all, and goes', async () => {
    well(await bob('export --account -o account.json'));
    expect(JSON.parse(await file(bob, 'account.json'))).toMatchObject({ complete: true });
    expect((await stat(join(bob.cwd, 'account.json'))).mode & 0o777).toBe(0o600);
    const env = { NIGHTVAULT_PASSPHRASE: 'third' };
    expect(await bob('delete-account', { env })).toMatchObject({ code: 2, err: expect.stringContaining('Say --yes') });
    well(await bob('delete-account --yes', { env }));
    expect(await bob('whoami')).toMatchObject({ code: 3, err: expect.stringContaining('You are not logged in.') });
    const undecided = await jane('delete-account --yes --json', { env: { NIGHTVAULT_PASSPHRASE: 'another one' } });
    expect(undecided.json.error).toMatchObject({ code: 'GROUPS_NEED_CHOICE', exitCode: 5 });
  });
});

describe('nightvault doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const { json } = well(await jane('doctor --json'));
    const findings = json.findings as { check: string; state: string }[];
    expect(findings.map(({ check, state }) => `${check} ${state}`)).toEqual([
      ...[
        'node ok',
        'keyring warning',
        'files ok',
        'address ok',
        'server ok',
        'clock ok',
        'versions ok',
        'functions ok',
      ],
      ...['session ok', 'mail ok'],
    ]);
  });

  it('sees a clock that is wrong, files that are open, and an address where nothing is', async () => {
    const late = await jane('doctor --json', { now: () => Date.now() + 300_000 });
    expect(late.json.findings).toContainEqual(
      expect.objectContaining({
        check: 'clock',
        state: 'warning',
        detail: expect.stringMatching(/(299|300|301) seconds ahead/),
      }),
    );
    await chmod(join(jane.home, 'session.json'), 0o644);
    const address = await nowhere();
    const open = await jane(`doctor --server ${address}`);
    expect(open).toMatchObject({ code: 6, out: expect.stringContaining('chmod -R go-rwx') });
    expect(open.out).toContain(`✗ server    ${address} does not answer (ECONNREFUSED).`);
    const noTls = await jane(`doctor --server ${stack.url.replace('http:', 'https:')} --json`);
    expect(noTls.json.findings).toContainEqual(
      expect.objectContaining({ check: 'TLS', state: 'wrong', remedy: 'No TLS is spoken there: is it another port?' }),
    );
    expect(await jane('whoami')).toMatchObject({ code: 8, err: expect.stringContaining('can be read by others') });
    await chmod(join(jane.home, 'session.json'), 0o600);
  });

  it('knows every function that the program calls', () => {
    const names = new Set(registry.map(({ name }) => name));
    expect(usedFunctions.filter((name) => !names.has(name))).toEqual([]);
    expect(new Set(usedFunctions).size).toBe(usedFunctions.length);
  });
});

describe('the end of a session', () => {
  it('leaves nothing here, and says what to do next', async () => {
    well(await jane('logout'));
    await expect(stat(join(jane.home, 'session.json'))).rejects.toMatchObject({ code: 'ENOENT' });
    const after = await jane('groups --json');
    expect(after.json.error).toMatchObject({
      code: 'NOT_LOGGED_IN',
      remedy: expect.stringContaining('nightvault login'),
    });
  });

  it('is one of the server, too: a session that was ended there is of no use', async () => {
    const env = { NIGHTVAULT_PASSPHRASE: 'another one' };
    well(await jane('login --email jane@example.com', { env }));
    const copy = await file(jane, 'home/session.json');
    well(await jane('logout'));
    await writeFile(join(jane.home, 'session.json'), copy, { mode: 0o600 });
    expect(await jane('whoami --json')).toMatchObject({ code: 3, json: { error: { code: 'UNAUTHENTICATED' } } });
    well(await jane('logout'));
  });
});

describe('a keyring', () => {
  /** Runs commands one after the other on a session bus with a keyring: unlocked, or locked with nobody to unlock it. */
  async function onBus(root: string, state: 'unlocked' | 'locked', lines: readonly string[]): Promise<Program> {
    const daemon = {
      unlocked: 'printf secret | gnome-keyring-daemon --unlock --components=secrets',
      locked: 'gnome-keyring-daemon --start --components=secrets',
    }[state];
    const script = [`${daemon} >/dev/null 2>&1`, ...lines.map((line) => `${line} 2>&1; echo "ended with $?"`)];
    const program = runProgram('dbus-run-session', ['--', 'bash', '-c', script.join('\n')], {
      ...{ NODE: process.execPath, NIGHTVAULT_SERVER: stack.url, NIGHTVAULT_PASSPHRASE: 'another one', DISPLAY: '' },
      ...{ XDG_STATE_HOME: root, XDG_DATA_HOME: join(root, 'data'), XDG_RUNTIME_DIR: root },
    });
    await program.exit;
    return program;
  }
  const nightvault = '"$NODE" client/command/main.ts';
  const installed = notInstalled('keyring').length === 0 ? it : it.skip;

  installed('of the system holds the key, as long as it is not locked', async () => {
    const root = await mkdtemp(join(tmpdir(), 'nightvault-keyring-'));
    const session = () => readFile(join(root, 'nightvault/session.json'), 'utf8');
    try {
      await mkdir(join(root, 'data'));
      const find = 'secret-tool search service nightvault username session | grep -c "^secret = [0-9a-f]*$"';
      const login = `${nightvault} login --email jane@example.com`;
      const first = await onBus(root, 'unlocked', [login, find, `${nightvault} logout`, find, login]);
      const told = first.output();
      expect(told).toMatch(
        /its key in the keyring;.*\nended with 0\n1\nended with 0\nLogged out\..*\nended with 0\n0\n/,
      );
      expect(Object.keys(JSON.parse(await session()))).toEqual(['v', 'sealed']);

      const second = (await onBus(root, 'locked', [`${nightvault} whoami`, login, `${nightvault} whoami`])).output();
      expect(second).toMatch(
        /the keyring of the\s+system is locked\.\n +What to do: Unlock the keyring, or log in again/,
      );
      expect(second).toContain('in a file that only you can read (the keyring of the system is locked)');
      expect(second.match(/ended with \d/g)).toEqual(['ended with 3', 'ended with 0', 'ended with 0']);
      expect(Object.keys(JSON.parse(await session()))).toEqual(['v', 'open']);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });

  it('holds the key of the session, whose file opens to nobody without it', async () => {
    let secret: string | null = null;
    const keyring = {
      read: async () => secret,
      write: async (text: string) => {
        secret = text;
      },
      remove: async () => {
        secret = null;
      },
    };
    const ring = await newTerminal({ NIGHTVAULT_SERVER: stack.url }, keyring);
    try {
      const env = { NIGHTVAULT_PASSPHRASE: 'another one' };
      const { json } = well(await ring('login --email jane@example.com --json', { env }));
      expect(json.place).toBe('keyring');
      well(await ring('whoami'));
      const stored = await file(ring, 'nightvault/session.json');
      expect(Object.keys(JSON.parse(stored))).toEqual(['v', 'sealed']);
      secret = 'ab'.repeat(32);
      expect(await ring('whoami')).toMatchObject({ code: 3, err: expect.stringContaining('Unlock the keyring') });
      well(await ring('logout --local'));
      expect(secret).toBeNull();
    } finally {
      await ring.drop();
    }
  });
});
