import { readFile } from 'node:fs/promises';
import { exitCodes } from '../../../client/command/exit-codes.ts';
import { explain } from '../../../client/command/explain.ts';
import { commandHelp } from '../../../client/command/help.ts';
import { printable } from '../../../client/command/layout.ts';
import { commandPage } from '../../../client/command/page.ts';
import { parse } from '../../../client/command/parse.ts';
import { commands } from '../../../client/command/registry.ts';
import { BlobTooLarge, ProblemUnknown } from '../../../client/index.ts';
import { newTerminal, type Terminal } from '../../support/command.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await newTerminal({});
});
afterAll(() => terminal.drop());

describe('a command line', () => {
  it.each<[string, string, string]>([
    ['syncc', 'There is no command "syncc".', 'Did you mean'],
    ['sync --wacth', 'That is not how the command is used.', "Unknown option '--wacth'"],
    ['share', 'That is not how the command is used.', "Missing required argument 'address'"],
    ['share a@b.c d', 'That is not how the command is used.', 'Too many arguments'],
    ['share a@b.c --role king', 'That is not how the command is used.', 'Allowed choices are admin, editor, viewer'],
    ['login --passphrase=secret', 'A passphrase is never given on the command line.', 'your shell writes it down'],
    ['login --passphrase secret', 'A passphrase is never given on the command line.', 'your shell writes it down'],
    ['login --server nonsense --email a@b.c', 'That is no address of a server.', '"nonsense" is no URL'],
    ['login --server ftp://a --email a@b.c', 'That is no address of a server.', '"ftp://a" is no URL'],
    ['login', 'There is no server to speak to.', 'No session is saved that would say which.'],
    ['groups', 'You are not logged in.', 'No session is saved here.'],
    ['sync', 'It is not said which group.', 'Neither'],
    ['--frob', 'That is no command line.', 'There is no option --frob.'],
    ['help syncc', 'There is no command "syncc".', 'Did you mean'],
    ['login --passphrase-file . --email a@b.c --server http://127.0.0.1', 'That is no file.', 'is a folder.'],
  ])('%s is refused: %s', async (line, what, why) => {
    const { code, err, out } = await terminal(line);
    const told = err.replace(/\s+/g, ' ');
    expect(told).toContain(`nightvault: ${what}`);
    expect(told).toContain(why.split(/\s+/).slice(0, 3).join(' '));
    expect(told).toContain('What to do:');
    expect(told).not.toContain('secret');
    expect({ code: [2, 3, 8].includes(code), out }).toEqual({ code: true, out: '' });
  });

  it('is answered with one JSON object, a failure too', async () => {
    const { code, json, err } = await terminal('sync --json --nonsense');
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(json).toEqual({
      ok: false,
      error: {
        code: 'USAGE',
        what: expect.any(String),
        why: expect.any(String),
        remedy: expect.any(String),
        exitCode: 2,
      },
    });
  });

  it.each(['--json', 'sync --help --json', '--version --json'])('%s prints one JSON object', async (line) => {
    const { code, json } = await terminal(line);
    expect({ code, ok: json.ok }).toEqual({ code: 0, ok: true });
  });

  it('takes codes that begin like an option', () => {
    const code = `-Z${'b'.repeat(40)}_`;
    const argument = parse(['verify', code, '--json'], commands);
    if (argument.kind !== 'run') throw new Error(argument.kind);
    expect([argument.input.argument('link'), argument.input.flag('json')]).toEqual([code, true]);
    const option = parse(['passphrase', 'reset', '--code', code, '-y'], commands);
    if (option.kind !== 'run') throw new Error(option.kind);
    expect([option.input.text('code'), option.input.flag('yes')]).toEqual([code, true]);
  });

  it('asks for a passphrase nobody can see, or says how else to give it', async () => {
    const { code, err } = await terminal('login --server http://127.0.0.1:1 --email jane@example.com');
    expect(code).toBe(2);
    expect(err).toContain('--passphrase-file FILE');
  });

  it.each([
    ['http://vault.example.com', true],
    ['https://vault.example.com', false],
    ['http://localhost:1', false],
  ])('is warned where others see the session on its way: %s, %s', async (server, warned) => {
    const { err } = await terminal(`login --server ${server} --email jane@example.com`);
    expect(err.includes(`${server} is not encrypted on the way`)).toBe(warned);
  });

  it('ends with 130 when it is interrupted', async () => {
    const stop = new AbortController();
    stop.abort(new DOMException('Interrupted.', 'AbortError'));
    const typing = { signal: stop.signal, env: { NIGHTVAULT_PASSPHRASE: 'x' } };
    expect((await terminal('login --server http://127.0.0.1:1 --email jane@example.com', typing)).code).toBe(130);
  });

  it('may name options anywhere, and more than once where that makes sense', () => {
    const parsed = parse(['--yes', 'delete-account', '--transfer', 'A=b@c.d', '--transfer', 'B=b@c.d'], commands);
    if (parsed.kind !== 'run') throw new Error('It is not run.');
    expect(parsed.command.name).toBe('delete-account');
    expect(parsed.input.list('transfer')).toEqual(['A=b@c.d', 'B=b@c.d']);
    expect(parsed.input.flag('yes')).toBe(true);
  });
});

describe('help', () => {
  it.each(commands.map((command) => [command.name, command] as const))('of %s is whole', async (name, command) => {
    const { code, out } = await terminal(`${name} --help`);
    expect(code).toBe(0);
    for (const title of ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'EXAMPLES', 'EXIT CODES']) {
      expect(out).toMatch(new RegExp(`^${title}$`, 'm'));
    }
    for (const line of commandHelp(command)
      .split('\n')
      .filter((each) => !/^ {4}(\d|nightvault)/.test(each))) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
    for (const [example] of command.examples) expect(example).toMatch(new RegExp(`^nightvault ${name}\\b`));
  });

  it('lists every command once, and docs/command.md has them all', async () => {
    const { out } = await terminal('--help');
    for (const { name, summary } of commands)
      expect(out).toMatch(new RegExp(`^ {4}${name} +${summary.slice(0, 10)}`, 'm'));
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    const page = await readFile(new URL('../../../docs/command.md', import.meta.url), 'utf8');
    expect(page).toBe(commandPage(commands));
  });

  it('has a number of its own for each way to end', () => {
    const codes = Object.values(exitCodes).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('what others have named', () => {
  it('does not steer the terminal', () => {
    expect(printable('a\u001b[2Jb\u202ec\nd')).toBe('a\uFFFD[2Jb\uFFFDc\uFFFDd');
  });
});

const problem = { type: 'urn:x', title: 'X', status: 400, detail: 'x', code: 'X', requestId: 'r' };

describe('a failure', () => {
  it.each<[string, unknown, number]>([
    ['of this program', new TypeError('x is undefined'), 1],
    ['of the disk', Object.assign(new Error('no space left'), { code: 'ENOSPC' }), 8],
    ['of trust', Object.assign(new Error('another key'), { code: 'PUBLIC_KEY_CHANGED' }), 7],
    ['of a file that is too large', new BlobTooLarge(2, 1), 8],
    ['of a server that is newer', new ProblemUnknown({ ...problem, code: 'NEWER' }), 5],
    ['of a prompt that was left', Object.assign(new Error('closed'), { name: 'ExitPromptError' }), 130],
  ])('%s says what happened, why, and what to do', (_what, error, code) => {
    const { what, why, remedy, exit } = explain(error);
    expect(exitCodes[exit].code).toBe(code);
    for (const told of [what, why, remedy]) expect(told).not.toBe('');
  });
});
