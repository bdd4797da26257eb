import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprintWords } from '../../../shared/crypto/words.ts';
import { logInAt, newTerminal, type Terminal, well } from '../../support/command.ts';
import { mailsTo } from '../../support/mail.ts';
import { bob as bobsAccount, enter, jane as janesAccount } from '../../support/sdk.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Terminal;
let bob: Terminal;
let bobsFingerprint: string;
beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([
    newTerminal({ NIGHTVAULT_SERVER: stack.url }),
    newTerminal({ NIGHTVAULT_SERVER: stack.url }),
  ]);
  const [, bobs] = await Promise.all([enter(stack, janesAccount), enter(stack, bobsAccount)]);
  bobsFingerprint = await bobs.fingerprint();
  await Promise.all([logInAt(jane, janesAccount), logInAt(bob, bobsAccount)]);
});
afterAll(async () => {
  await Promise.all([jane.drop(), bob.drop()]);
  await stack.stop();
});

const groupsOf = async (terminal: Terminal) => well(await terminal('groups --json')).json.groups as { name: string }[];

describe('a group', () => {
  it('is not made without a name, or for a folder that cannot be', async () => {
    const blank = await jane.line(['create', '  ', '--json']);
    expect(blank.json.error).toMatchObject({ code: 'INVALID_INPUT', why: 'name must not be empty.', exitCode: 2 });
    await writeFile(join(jane.cwd, 'file'), '');
    expect(await jane('create Specs --folder file/below')).toMatchObject({ code: 8 });
    expect(await groupsOf(jane)).toEqual([]);
  });

  it('is said to be gone once it was taken away', async () => {
    well(await jane('create Specs --folder specs'));
    well(await jane.line(['share', 'bob@example.com', '-g', 'Specs', '--fingerprint', bobsFingerprint]));
    await mkdir(join(bob.cwd, 'specs'));
    const there = { cwd: join(bob.cwd, 'specs') };
    well(await bob('sync -g Specs', there));
    const wrong = await jane('revoke bob@example.com --yes --fingerprint nonsense', { cwd: join(jane.cwd, 'specs') });
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('has no "="') });
    expect(well(await jane('members -g Specs')).out).toContain('bob@example.com');
    well(await jane('revoke bob@example.com --yes', { cwd: join(jane.cwd, 'specs') }));
    const status = await bob('status', there);
    expect(status).toMatchObject({
      code: 6,
      out: expect.stringContaining('The group is deleted, or you can open it no'),
    });
    expect(await bob('sync', there)).toMatchObject({ code: 5, err: expect.stringContaining('See nightvault groups') });
  });
});

describe('a team', () => {
  it('is meant by its id where several have its name', async () => {
    const made = await Promise.all([1, 2].map(() => jane.line(['teams', '--create', 'Web shop', '--json'])));
    const [first, second] = made.map(({ json }) => (json.team as { id: string }).id);
    const { code, err } = await jane.line(['create', 'Orders', '--team', 'Web shop']);
    expect(code).toBe(2);
    for (const told of [first, second, 'Say the id instead of the name.']) expect(err).toContain(told);
    well(await jane.line(['create', 'Orders', '--team', String(first)]));
    well(await jane.line(['invite', 'bob@example.com', '--team', String(first)]));
    const [mail] = await mailed('bob@example.com', /invite-accept#/);
    well(await bob.line(['accept', /\S+\/invite-accept#\S+/.exec(mail?.text ?? '')?.[0] ?? '']));
    const again = await jane.line(['invite', 'bob@example.com', '--team', String(first)]);
    expect(again).toMatchObject({ code: 5, err: expect.stringContaining('nightvault team members') });
  });
});

/** Mails to an address whose text matches, once there are any. */
async function mailed(address: string, text: RegExp) {
  for (;;) {
    const found = mailsTo(stack, address).filter((mail) => text.test(mail.text));
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a key that was never compared here', () => {
  it('is taken by the words its owner has told, and for the address that was named only', async () => {
    well(await jane('invite bob@example.com --confirm'));
    // On another computer she has compared with nobody.
    const elsewhere = await newTerminal({ NIGHTVAULT_SERVER: stack.url });
    await logInAt(elsewhere, janesAccount);
    const rotate = (...told: readonly string[]) => {
      const given = told.flatMap((each) => ['--fingerprint', each]);
      return elsewhere.line(['rotate-key', '-g', 'Orders', ...given]);
    };
    const unasked = await rotate();
    expect(unasked.code).toBe(2);
    expect(unasked.err.replace(/\s+/g, ' ')).toContain("give it with --fingerprint 'bob@example.com=…'");
    expect(await rotate(bobsFingerprint)).toMatchObject({ code: 2, err: expect.stringContaining('has no "="') });
    const words = await fingerprintWords(bobsFingerprint);
    expect(await rotate(`bob@example.com=${[...words.slice(1), 'zoo'].join(' ')}`)).toMatchObject({ code: 7 });
    const told = `Bob@Example.com= ${words.join('  ').toUpperCase()}`;
    expect(well(await rotate(told)).out).toBe('"Orders" has a new key, its 2.\n');
    await elsewhere.drop();
  });
});

describe('a login over the session of somebody else', () => {
  it('ends that, and has none of its keys', async () => {
    const shared = await newTerminal({ NIGHTVAULT_SERVER: stack.url });
    expect(await logInAt(shared, janesAccount)).toMatchObject({ ended: null });
    well(await shared.line(['members', '-g', 'Specs']));
    const kept = async () => JSON.parse(await readFile(join(shared.home, 'session.json'), 'utf8')).open.groups;
    expect(Object.keys(await kept())).toHaveLength(1);
    expect(await logInAt(shared, janesAccount)).toMatchObject({ ended: 'jane@example.com' });
    expect(Object.keys(await kept())).toHaveLength(1);
    expect(await logInAt(shared, bobsAccount)).toMatchObject({ ended: 'jane@example.com' });
    expect(await kept()).toEqual({});
    await shared.drop();
  });
});

describe('what is written to a file that was named', () => {
  it('goes through a link to where it leads, and to what is no file as it is', async () => {
    await mkdir(join(jane.cwd, 'there'));
    await writeFile(join(jane.cwd, 'there/copy.json'), 'old');
    await symlink('there/copy.json', join(jane.cwd, 'link'));
    well(await jane('export --account -o link'));
    expect((await lstat(join(jane.cwd, 'link'))).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await readFile(join(jane.cwd, 'there/copy.json'), 'utf8'))).toMatchObject({ complete: true });
    expect(await readdir(join(jane.cwd, 'there'))).toEqual(['copy.json']);
    const pipe = join(jane.cwd, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [through] = await Promise.all([readFile(pipe, 'utf8'), jane('export --account -o pipe').then(well)]);
    expect(JSON.parse(through)).toMatchObject({ complete: true });
    expect((await stat(pipe)).isFIFO()).toBe(true);
  });
});

describe('what is remembered of keys', () => {
  it('is named where it is damaged, and nothing goes on without it', async () => {
    const [name = ''] = await readdir(join(jane.home, 'notes'));
    const path = join(jane.home, 'notes', name);
    const before = await readFile(path, 'utf8');
    await writeFile(path, 'xx');
    await chmod(path, 0o600);
    for (const line of ['groups', 'sync', 'whoami']) {
      expect(await jane(line, { cwd: join(jane.cwd, 'specs') })).toMatchObject({
        code: 8,
        err: expect.stringContaining(name),
      });
    }
    const { json } = await jane('doctor --json');
    expect(json.findings).toContainEqual(
      expect.objectContaining({ check: 'session', state: 'wrong', detail: expect.stringContaining(path) }),
    );
    await writeFile(path, before);
    well(await jane('groups'));
  });
});

describe('a server that does not answer', () => {
  it('cannot keep anybody from forgetting a session', async () => {
    const dead = { env: { NIGHTVAULT_SERVER: 'http://127.0.0.1:9' } };
    await stack.stop();
    const { code, err } = await jane('logout', dead);
    expect(code).toBe(4);
    expect(err.replace(/\s+/g, ' ')).toContain('nightvault logout --local');
    well(await jane('logout --local', dead));
    await expect(stat(join(jane.home, 'session.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
