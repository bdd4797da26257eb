import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Nightvault } from '../../../client/index.ts';
import { newTerminal, type Terminal, well } from '../../support/command.ts';
import { mailedToken } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const passphrase = 'lanterns on the pier at dusk';
const fixture = new URL('../../fixtures/insomnia-export.json', import.meta.url);

const large4 = (text: string) => ({
  _type: 'export',
  __export_format: 4,
  resources: [
    { _id: 'wrk_1', name: 'Large', _type: 'workspace' },
    { _id: 'req_1', parentId: 'wrk_1', name: 'Upload', body: { text }, _type: 'request' },
  ],
});
const large5 = (text: string) => ({
  type: 'collection.insomnia.rest/5.0',
  name: 'Large',
  meta: { id: 'wrk_1' },
  collection: [{ name: 'Upload', meta: { id: 'req_1' }, body: { text } }],
});

let stack: TestStack;
let jane: Terminal;
let bob: Terminal;
beforeAll(async () => {
  stack = await startTestStack();
  jane = await newTerminal({ NIGHTVAULT_SERVER: stack.url });
  bob = await newTerminal({ NIGHTVAULT_SERVER: stack.url });
});
afterAll(async () => {
  await Promise.all([jane.drop(), bob.drop()]);
  await stack.stop();
});

const file = (terminal: Terminal, path: string) => readFile(join(terminal.cwd, path), 'utf8');
const put = (terminal: Terminal, path: string, content: string) => writeFile(join(terminal.cwd, path), content);
const inFolder = (terminal: Terminal) => ({ cwd: join(terminal.cwd, 'specs') });
const called = (from: number) =>
  stack.logs.slice(from).flatMap(({ function: name, durationMs }) => (durationMs === undefined ? [] : [String(name)]));
describe('Jane at the command line', () => {
  it('signs up, is asked for what she has not said, and verifies', async () => {
    const { out, asked } = well(
      await jane('signup --email jane@example.com', { answers: ['Jane', passphrase, passphrase] }),
    );
    expect(asked).toEqual(['Your first name', 'A passphrase', 'The same again']);
    expect(out).toContain('A mail is on its way to jane@example.com.');
    const early = await jane('login --email jane@example.com --json', { env: { NIGHTVAULT_PASSPHRASE: passphrase } });
    expect(early.code).toBe(3);
    expect(early.json.error).toMatchObject({ code: 'EMAIL_NOT_VERIFIED', exitCode: 3 });
    const token = await mailedToken(stack, 'jane@example.com');
    well(await jane(`verify ${stack.url}/account-verify?token=${token}`));
  });

  it('logs in with a passphrase from a file that nobody else can read', async () => {
    const path = join(jane.cwd, 'secret');
    await writeFile(path, `${passphrase}\n`);
    await chmod(path, 0o644);
    const refused = await jane.line(['login', '--email', 'jane@example.com', '--passphrase-file', path]);
    expect(refused).toMatchObject({ code: 8, err: expect.stringContaining(`chmod 600 '${path}'`) });
    await chmod(path, 0o600);
    const { json } = well(
      await jane.line(['login', '--email', 'jane@example.com', '--passphrase-file', path, '--json']),
    );
    expect(json).toMatchObject({ ok: true, email: 'jane@example.com', server: stack.url, place: 'file' });
    expect((await stat(join(jane.home, 'session.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(jane.home)).mode & 0o777).toBe(0o700);
  });

  it('is told who she is, and which devices are logged in', async () => {
    const { json } = well(await jane('whoami --json'));
    expect(json).toMatchObject({ email: 'jane@example.com', firstName: 'Jane', words: expect.any(Array) });
    expect(json.fingerprint).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
    const { json: listed } = well(await jane('sessions --json'));
    expect(listed.sessions).toMatchObject([{ current: true }]);
    await Nightvault.connect(stack.url).logIn({ email: 'jane@example.com', passphrase });
    const { out } = well(await jane('login --email jane@example.com', { env: { NIGHTVAULT_PASSPHRASE: passphrase } }));
    expect(out).toMatch(/^The session of jane@example.com that was here has ended. Logged in as jane@example.com/);
    const { json: now } = well(await jane('sessions --json'));
    const sessions = now.sessions as { sessionId: string; current: boolean }[];
    expect(sessions.map(({ current }) => current)).toEqual([true, false]);
    const [, first] = sessions;
    expect(await jane('sessions --end zz')).toMatchObject({ code: 2, err: expect.stringContaining('no such session') });
    const shown = first?.sessionId.slice(0, 12);
    expect(well(await jane('sessions')).out).toMatch(new RegExp(`^${shown}  `, 'm'));
    expect(well(await jane(`sessions --end ${shown}`)).out).toBe('1 session ended.\n');
    expect(well(await jane('sessions --end others')).out).toBe('0 sessions ended.\n');
  });

  it('makes a group with a folder and syncs it; again takes one call', async () => {
    well(await jane('create Specs --folder specs'));
    await put(jane, 'specs/openapi.yaml', 'openapi: 3.1.0\n');
    await put(jane, 'specs/notes.md', 'one\ntwo\n');
    expect(well(await jane('sync', inFolder(jane))).out).toBe('2 changes sent.\n');
    const before = stack.logs.length;
    expect(well(await jane('sync', inFolder(jane))).out).toBe('Nothing has changed.\n');
    expect(called(before)).toEqual(['sync-check']);
  });
});

describe('Jane and Bob', () => {
  it('share a group after having compared fingerprints', async () => {
    const env = { NIGHTVAULT_PASSPHRASE: passphrase };
    well(await bob('signup --email bob@example.com --first-name Bob', { env }));
    well(await bob(`verify ${await mailedToken(stack, 'bob@example.com')}`));
    well(await bob('login --email bob@example.com', { env }));
    const { json } = well(await bob('whoami --json'));

    const no = await jane('share bob@example.com -g Specs', { answers: [false] });
    expect(no).toMatchObject({ code: 7, err: expect.stringContaining(String(json.fingerprint)) });
    const unseen = await jane('share bob@example.com -g Specs');
    expect(unseen).toMatchObject({ code: 2, err: expect.stringMatching(/give it\s+with --fingerprint/) });
    const wrong = await jane.line(['share', 'bob@example.com', '-g', 'Specs', '--fingerprint', 'ab'.repeat(32)]);
    expect(wrong.code).toBe(7);
    const right = await jane.line([
      'share',
      'bob@example.com',
      '-g',
      'Specs',
      '--fingerprint',
      String(json.fingerprint),
    ]);
    expect(well(right).out).toBe('bob@example.com is now editor of "Specs".\n');
    const { json: shared } = well(await jane('members -g Specs --json'));
    expect(shared.members).toMatchObject([{ email: 'jane@example.com' }, { email: 'bob@example.com', role: 'editor' }]);
  });

  it('work in folders of their own', async () => {
    await mkdir(join(bob.cwd, 'specs'));
    expect(well(await bob('pull --group Specs', inFolder(bob))).out).toBe('2 files written.\n');
    expect(await file(bob, 'specs/notes.md')).toBe('one\ntwo\n');
    await put(bob, 'specs/notes.md', 'one\n2\n');
    await rm(join(bob.cwd, 'specs/openapi.yaml'));
    const { json } = well(await bob('status --json', inFolder(bob)));
    expect(json).toMatchObject({
      changedElsewhere: false,
      changes: [
        { kind: 'changed', path: 'notes.md' },
        { kind: 'removed', path: 'openapi.yaml' },
      ],
    });
    const { out } = well(await bob('diff notes.md', inFolder(bob)));
    expect(out).toContain('-two\n+2');
    expect(well(await bob('push', inFolder(bob))).out).toBe('2 changes sent.\n');
    expect(well(await jane('status', inFolder(jane))).out).toContain('Others have changed something.');
    expect(well(await jane('sync', inFolder(jane))).out).toBe('1 file written, 1 file removed.\n');
  });

  it('see a change as it is in a pipe, and nothing that steers at a terminal', async () => {
    await put(bob, 'specs/notes.md', 'one\n\u001b[2J\t2\n');
    expect(well(await bob('diff notes.md', inFolder(bob))).out).toContain('+\u001b[2J\t2\n');
    const shown = well(await bob('diff notes.md', { ...inFolder(bob), terminal: true, env: { NO_COLOR: '1' } }));
    expect(shown.out).toContain('+\uFFFD[2J\t2\n');
    const painted = well(await bob('diff notes.md', { ...inFolder(bob), terminal: true }));
    expect(painted.out).toContain('\u001b[31m-2\u001b[39m');
    await put(bob, 'specs/notes.md', 'one\n2\n');
  });

  it('are told what is wrong before anything is made or begun', async () => {
    const taken = await jane('create Other --folder specs');
    expect(taken).toMatchObject({ code: 8, err: expect.stringContaining('The folder belongs to another group.') });
    expect(well(await jane('groups')).out).not.toContain('Other');
    const never = await jane('sync --watch --every soon', inFolder(jane));
    expect(never).toMatchObject({ code: 2, err: expect.stringContaining('"soon" is none from 1 to 999999.') });
  });

  it('keep both versions where both edit, and are told so by exit code 6', async () => {
    await put(jane, 'specs/notes.md', 'janes');
    await put(bob, 'specs/notes.md', 'bobs');
    well(await jane('sync', inFolder(jane)));
    const both = await bob('sync', inFolder(bob));
    expect(both).toMatchObject({ code: 6, out: expect.stringContaining('conflict: notes.md') });
    expect(await file(bob, 'specs/notes.md')).toBe('janes');
    well(await jane('sync', inFolder(jane)));
  });

  it('have earlier versions and removed files again', async () => {
    const { json } = well(await jane('history notes.md --json', inFolder(jane)));
    const versions = json.versions as { version: string; size: number }[];
    expect(versions.map(({ size }) => size)).toEqual([5, 6, 8]);
    well(await jane(`restore notes.md ${versions[2]?.version}`, inFolder(jane)));
    expect(await file(jane, 'specs/notes.md')).toBe('one\ntwo\n');
    const removed = well(await jane('history openapi.yaml --json', inFolder(jane))).json.versions as typeof versions;
    expect(removed).toMatchObject([{ removed: true }, { removed: false }]);
    well(await jane(`restore openapi.yaml ${removed[1]?.version}`, inFolder(jane)));
    expect(await file(jane, 'specs/openapi.yaml')).toBe('openapi: 3.1.0\n');
    const none = await jane('restore notes.md 0-nothing', inFolder(jane));
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('See nightvault history.') });
  });

  it('part: Bob can read no more, and the group has another key', async () => {
    const unsure = await jane('revoke bob@example.com', { ...inFolder(jane), answers: [false] });
    expect(unsure.code).toBe(2);
    const { json } = well(await jane('revoke bob@example.com --yes --json', inFolder(jane)));
    expect(json).toMatchObject({ keyEpoch: 2, rotationRequired: false });
    const shut = await bob('sync --json', inFolder(bob));
    expect(shut.json.error).toMatchObject({ code: 'GROUP_NOT_OPEN', exitCode: 5 });
    expect(await file(bob, 'specs/notes.md')).toBe('janes');
    expect(well(await jane('rotate-key', inFolder(jane))).out).toBe('"Specs" has a new key, its 3.\n');
    await put(jane, 'specs/after.txt', 'under the new key');
    expect(well(await jane('sync', inFolder(jane))).out).toBe('1 change sent.\n');
  });

  it('meet again in a team', async () => {
    well(await jane.line(['teams', '--create', 'Web shop']));
    well(await jane.line(['create', 'Orders', '--team', 'Web shop']));
    well(await jane.line(['invite', 'bob@example.com', '--team', 'Web shop']));
    expect(well(await jane('invite')).out).toMatch(/bob@example\.com +pending +member +Web shop/);
    expect(well(await bob('accept')).out).toContain('You are in the team.');
    expect(well(await bob('groups')).out).toMatch(/Orders +waits for a key; ask Jane/);
    well(await jane('invite bob@example.com --confirm'));
    expect(well(await bob('groups')).out).toMatch(/Orders +editor +Web shop/);
    const again = await bob('accept');
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('No invite waits for you.') });
  });
});

describe('an Insomnia project', () => {
  it('goes into a group and comes out to the byte', async () => {
    well(await jane('create Shop'));
    const { json } = well(await jane.line(['import', fixture.pathname, '-g', 'Shop', '--json']));
    const total = (JSON.parse(await readFile(fixture, 'utf8')).resources.length as number) + 1;
    expect(json).toMatchObject({ version: 4, exact: true, created: total, updated: 0, unchanged: 0, tooLarge: [] });
    expect(well(await jane.line(['import', fixture.pathname, '-g', 'Shop', '--json'])).json).toMatchObject({
      created: 0,
      unchanged: total,
    });
    well(await jane('export -g Shop -o out.json'));
    expect(await file(jane, 'out.json')).toBe(await readFile(fixture, 'utf8'));
    expect(well(await jane('export -g Shop')).out).toBe(await readFile(fixture, 'utf8'));
    const none = await jane('export -g Specs');
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('The group holds none.') });
  });

  it.each([
    ['version 4', (text: string) => JSON.stringify(large4(text), null, 2)],
    ['version 5', (text: string) => stringify(large5(text))],
  ])('has what is too long for a resource in a blob: %s', async (version, write) => {
    well(await jane.line(['create', version]));
    const body = (edit: string) => `${'a long line, with ☃ and "quotes"\n'.repeat(6_000)}${edit}`;
    const importLarge = async (edit: string) => {
      await put(jane, 'large', write(body(edit)));
      const before = stack.logs.length;
      const { json } = well(await jane.line(['import', 'large', '-g', version, '--json']));
      const uploads = called(before).filter((name) => name === 'blob-upload').length;
      return { uploads, exact: json.exact, created: json.created, updated: json.updated, tooLarge: json.tooLarge };
    };
    const first = await importLarge('first');
    expect(first).toMatchObject({ uploads: 1, exact: true, updated: 0, tooLarge: [] });
    const none = { exact: true, created: 0, tooLarge: [] };
    expect(await importLarge('first')).toEqual({ ...none, uploads: 0, updated: 0 });
    expect(await importLarge('second')).toEqual({ ...none, uploads: 1, updated: 1 });
    well(await jane.line(['rotate-key', '-g', version]));
    expect(await importLarge('second')).toEqual({ ...none, uploads: 0, updated: 0 });
    well(await jane.line(['export', '-g', version, '-o', 'joined']));
    expect(await file(jane, 'joined')).toBe(write(body('second')));
  });

  it('is refused when it is none', async () => {
    await put(jane, 'no.json', '{"a": 1}');
    const refused = await jane('import no.json -g Shop --json');
    expect(refused).toMatchObject({ code: 8, json: { error: { code: 'INSOMNIA_FILE_REFUSED' } } });
    expect(await jane('import missing.json -g Shop')).toMatchObject({ code: 8 });
  });
});
