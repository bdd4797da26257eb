import { type HostileProxy, startHostileProxy } from './hostile-proxy.ts';
import { jane } from './sdk.ts';
import { startTestStack, type TestStack } from './stack.ts';

/**
 * For the first line of a test file: a stack, and in front of it a proxy that is honest again before each test. Both end
 * with the file, when it is made sure that no passphrase was ever sent.
 */
export async function startHostileStack(): Promise<{ readonly stack: TestStack; readonly proxy: HostileProxy }> {
  const stack = await startTestStack();
  const proxy = await startHostileProxy(stack.url);
  beforeEach(() => proxy.honest());
  afterAll(async () => {
    await proxy.stop();
    await stack.stop();
    expect(proxy.everythingSent()).not.toContain(jane.passphrase);
  });
  return { stack, proxy };
}
