import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { LocalStack } from '../../emulator/demo/local-stack.ts';
import { registry } from '../../functions/registry.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { playStory } from './story.ts';
import { type Exchange, type Rewrite, tapWire } from './wire-tap.ts';

const compress = promisify(gzip);

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const item = (number: number) => {
  const [id, name] = [`req_${number}`, `Request ${number}`];
  return {
    id,
    type: 'Request',
    name,
    lastEdited: number,
    content: JSON.stringify({ url: `https://example.com/${number}` }),
  };
};

describe('the same story', () => {
  const play = async (suffix: string, rewrite: Rewrite): Promise<readonly Exchange[]> => {
    const person = (name: string) => ({
      email: `${name}+${suffix}@example.com`,
      passphrase: `${name} on the pier at dusk`,
      firstName: name,
      lastName: '',
    });
    const cast = {
      jane: person('jane'),
      bob: person('bob'),
      groupName: suffix,
      items: [1, 2, 3].map(item),
      edits: ['{"by":"bob"}', '{"by":"jane"}'],
    } as const;
    const tap = tapWire(stack.url, rewrite);
    try {
      await playStory(new LocalStack(stack.url), cast);
      return tap.exchanges;
    } finally {
      tap.stop();
    }
  };

  it('is told with every body gzipped', async () => {
    const exchanges = await play('gzip', async (headers, body) => {
      if (body === undefined) return {};
      headers.set('content-encoding', 'gzip');
      return { headers, body: await compress(body) };
    });
    const succeeded = new Set(exchanges.filter(({ status }) => status < 300).map(({ name }) => name));
    expect([...succeeded].sort()).toEqual(expect.arrayContaining(postFunctions()));
  });

  it('is told with X-Session-Id instead of Authorization', async () => {
    const exchanges = await play('header', (headers) => {
      const token = headers.get('authorization')?.replace('Bearer ', '');
      if (token === undefined) return {};
      headers.delete('authorization');
      headers.set('x-session-id', token);
      return { headers };
    });
    expect(exchanges.filter(({ token }) => token !== undefined).length).toBeGreaterThan(20);
  });
});

/** Every function that a client may POST to. */
function postFunctions(): string[] {
  const withPost = registry.filter(
    (entry) => entry.trigger === 'http' && ['public', 'session'].includes(entry.operations.POST?.access ?? ''),
  );
  return withPost.map(({ name }) => name).sort();
}
