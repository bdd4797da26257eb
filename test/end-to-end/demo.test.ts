import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startTestStack, type TestStack } from '../support/stack.ts';

const script = fileURLToPath(new URL('../../emulator/demo/main.ts', import.meta.url));

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

function demo(...args: string[]): Promise<{ code: number; told: string; complained: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...args], (_error, told, complained) => {
      resolve({ code: child.exitCode ?? -1, told, complained });
    });
  });
}

describe('the demo', () => {
  it('tells the whole story, in plain lines where nobody watches', async () => {
    const { code, told, complained } = await demo('--url', stack.url);
    expect({ code, complained }).toEqual({ code: 0, complained: '' });
    expect(told).not.toContain('\u001b');
    for (const said of [
      'jane@example.com  logged in',
      'Encrypted and pushed 93/93',
      '404 GROUP_NOT_FOUND',
      '409 KEY_EPOCH_STALE',
      'Encrypted anew and pushed 93/93',
    ]) {
      expect(told).toContain(said);
    }
    expect(told).toMatch(/│ What Bob saw +│ What the server holds +│/);
    expect(told).toMatch(/│ POST \{\{ _\.base_url \}\}.+│/);
    expect(told).toMatch(/│ encContent {3}\{"iv":"[0-9a-f]{24}"/);
  });

  it('plays with namesakes where Jane and Bob are known', async () => {
    const { code, told } = await demo('--url', stack.url);
    expect(code).toBe(0);
    expect(told).toMatch(/jane\+[0-9a-f]{8}@example\.com {2}logged in/);
  });

  it.each([
    ['an address where nothing answers', ['--url', 'http://127.0.0.1:9'], 'no local Nightvault at http://127.0.0.1:9'],
    ['an option it does not have', ['--speed', '9'], "Unknown option '--speed'"],
  ])('says what is wrong with %s, and fails', async (_what, args, why) => {
    const { code, complained } = await demo(...args);
    expect(code).toBe(1);
    expect(complained).toContain('✗ The demo cannot start.');
    expect(complained).toContain(why);
    expect(complained).toContain('What to do: See npm run demo -- --help.');
  });
});
