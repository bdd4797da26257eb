import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { newTerminal, type Terminal, well } from '../../support/command.ts';
import { newFolder, type TestFolder } from '../../support/folders.ts';
import { type Program, runProgram } from '../../support/program.ts';
import { enter, jane } from '../../support/sdk.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let gate: Gate;
let terminal: Terminal;
let here: TestFolder;
let there: TestFolder;
beforeAll(async () => {
  stack = await startTestStack();
  gate = await startGate(stack.url);
  terminal = await newTerminal({ NIGHTVAULT_SERVER: gate.url, NIGHTVAULT_PASSPHRASE: jane.passphrase });
  await enter(stack, jane);
  well(await terminal(`login --email ${jane.email}`));
});
afterAll(async () => {
  await terminal.drop();
  await gate.stop();
  await stack.stop();
});

beforeEach(async () => {
  [here, there] = await Promise.all([newFolder(), newFolder()]);
});
afterEach(() => Promise.all([here.drop(), there.drop()]));

/** A way to the server on which calls can be held up. */
interface Gate {
  readonly url: string;
  /** Resolves once a call of this function is there, which then gets no answer; so many are let through before. */
  holdUp(name: string, after: number): Promise<void>;
  stop(): Promise<void>;
}

/** On bare sockets: our own adapter, in this process too, puts aside the heads of all requests through node:http. */
async function startGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let wanted: { name: string; after: number; held: () => void } | undefined;
  const isHeld = (bytes: Buffer) => {
    const called = /^[A-Z]+ \/([a-z-]+)/.exec(bytes.toString('latin1', 0, 100))?.[1];
    if (wanted === undefined || called !== wanted.name || wanted.after-- > 0) return false;
    wanted.held();
    wanted = undefined;
    return true;
  };
  const server = createServer((incoming) => {
    const outgoing = connect(Number(port), hostname);
    for (const socket of [incoming, outgoing]) {
      open.add(socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket)));
    }
    // Whoever calls sends a request's head in a piece of its own.
    incoming.on('data', (bytes) => (isHeld(bytes) ? outgoing.destroy() : outgoing.write(bytes)));
    incoming.on('close', () => outgoing.destroy());
    outgoing.pipe(incoming, { end: false });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    holdUp: (name, after) =>
      new Promise((held) => {
        wanted = { name, after, held };
      }),
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** As soon as it is so. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 50));
}

it('a folder that is watched sends what is written, takes what others write, and stops when it is told to', async () => {
  well(await terminal(`create Watched --folder ${here.root}`));
  well(await terminal(`pull ${there.root} --group Watched`));
  const stop = new AbortController();
  const watching = terminal(`sync ${here.root} --watch --every 1`, { signal: stop.signal });

  await here.write('mine.txt', 'written here');
  await until(async () => {
    await terminal(`pull ${there.root}`);
    return (await readFile(join(there.root, 'mine.txt'), 'utf8')) === 'written here';
  });
  await writeFile(join(there.root, 'theirs.txt'), 'written there');
  await terminal(`push ${there.root}`);
  await until(async () => (await readFile(join(here.root, 'theirs.txt'), 'utf8')) === 'written there');

  stop.abort(new DOMException('Interrupted.', 'AbortError'));
  const { code, out, err } = await watching;
  expect({ code, err: err.split('\n')[0] }).toEqual({ code: 130, err: 'nightvault: Interrupted.' });
  expect(out).toContain('1 change sent.');
  expect(out).toContain('1 file written.');
  expect(await here.files()).toEqual(await there.files());
});

describe('Ctrl-C', () => {
  const start = (...args: string[]): Program =>
    runProgram(process.execPath, ['client/command/main.ts', ...args], {
      NIGHTVAULT_HOME: terminal.home,
      NO_COLOR: '1',
    });

  /** What is left in a folder, and in its own one: besides the files a lock, a half file, one that was to replace another. */
  const leftIn = async ({ root }: TestFolder) => {
    const names = await readdir(root, { recursive: true });
    return names.filter((name) => /(^|\/)lock|\.tmp$|\.part$/.test(name));
  };

  async function interrupt({ process: child, exit, errors }: Program, folder: TestFolder): Promise<void> {
    child.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(errors()).toContain('nightvault: Interrupted.');
    expect(await leftIn(folder)).toEqual([]);
  }

  it('during a push leaves what is sent sent, and the next one sends the rest', async () => {
    for (let n = 0; n < 250; n++) await here.write(`${n}.txt`, `file ${n}`);
    well(await terminal(`create Pushed --folder ${here.root}`));
    const held = gate.holdUp('changes-push', 1);
    const pushing = start('push', here.root);
    await held;
    await interrupt(pushing, here);
    expect(well(await terminal(`push ${here.root}`)).out).toBe('50 changes sent.\n');
  });

  it('during a pull writes nothing by halves, and the next one goes on', async () => {
    const large = 'x'.repeat(300_000);
    await here.write('large.txt', large);
    await here.write('small.txt', 'small');
    well(await terminal(`create Pulled --folder ${here.root}`));
    well(await terminal(`push ${here.root}`));
    const held = gate.holdUp('blob-download', 0);
    const pulling = start('pull', there.root, '--group', 'Pulled');
    await held;
    await interrupt(pulling, there);
    expect(await there.files()).toEqual({});
    expect(well(await terminal(`pull ${there.root}`)).out).toBe('2 files written.\n');
    expect(await there.files()).toEqual({ 'large.txt': large, 'small.txt': 'small' });
  });

  it('ends a watched sync', async () => {
    await here.write('a', '1');
    well(await terminal.line(['create', 'Watched on', '--folder', here.root]));
    const watching = start('sync', here.root, '--watch');
    await watching.printed(/1 change sent\./);
    await interrupt(watching, here);
  });
});
