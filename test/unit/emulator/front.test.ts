import { starting } from '../../../emulator/front.ts';
import { listen } from '../../../emulator/local-server.ts';

describe('while the stack comes up', () => {
  it('is said so, and when to ask again', async () => {
    const server = await listen(0, starting);
    try {
      const answer = await fetch(`http://127.0.0.1:${server.port}/vault`);
      expect(answer.status).toBe(503);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'retry-after': '2',
      });
      expect(await answer.text()).toContain('The local stack is starting.');
    } finally {
      await server.stop();
    }
  });
});
