import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const client = join(import.meta.dirname, '../../../client');
const examples = join(client, 'examples');

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const expected: Readonly<Record<string, RegExp>> = {
  'sign-up.ts': /^my laptop \(this one\)\nlogged out: .+\n$/,
  'sync.ts':
    /^3 of 3\nreq_0 .+\/0"}\nreq_1 .+\/1"}\nreq_2 .+\/2"}\nconflict {"by":"me"}\n4 {"by":"me"}\n1 .+\/0"}\nchanged: true\n$/,
  'share.ts': /^bob reads Log in {}\nepoch 2 for 2 members\n$/,
  'blobs.ts': /^the same 1000000\n$/,
};

describe('the examples', () => {
  it('are all known here', () => {
    expect(
      readdirSync(examples)
        .filter((name) => name !== 'local.ts')
        .sort(),
    ).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.keys(expected))('%s does what it says', async (name) => {
    const env = { ...process.env, NIGHTVAULT_URL: stack.url, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(examples, name)], { env });
    expect(stderr).toBe('');
    expect(stdout).toMatch(expected[name] ?? /never/);
  });

  it('hold every line of code that the README shows', () => {
    const sources = readdirSync(examples).map((name) => readFileSync(join(examples, name), 'utf8'));
    const readme = readFileSync(join(client, 'README.md'), 'utf8');
    const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
    expect(blocks.length).toBeGreaterThanOrEqual(4);
    for (const block of blocks) {
      for (const part of block.split('\n\n')) {
        expect(sources.some((source) => source.includes(part.trim())) || part).toBe(true);
      }
    }
  });
});
