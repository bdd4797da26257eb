import { LocalStack } from '../../emulator/demo/local-stack.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { playReset } from './reset-story.ts';
import { enter } from './story.ts';

const jane = { email: 'jane@example.com', passphrase: 'a ladder in the rain', firstName: 'Jane', lastName: '' };
const bob = { email: 'bob@example.com', passphrase: 'grüne Flaschen, sieben', firstName: 'Bob', lastName: '' };

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

describe('Bob forgets his passphrase', () => {
  it('loses what only he could open, keeps his memberships, and is let in again by Jane', async () => {
    const local = new LocalStack(stack.url);
    const [janes, bobs] = [await enter(local, jane), await enter(local, bob)];
    const { transcript } = await playReset(local, janes, { ...bob, session: bobs }, '{"url":"/orders"}');
    expect(transcript).toEqual([
      'Bob gets a mail: Your code to reset your Nightvault passphrase',
      'Bob is shown: Only of Bob: lost',
      'Bob is shown: Shared with Bob: kept, by Jane',
      'Bob resets: generation 2, 1 lost, 1 kept, 1 logged out',
      'Bob logs in with the new passphrase and can open no group',
      'Jane gets a mail: A member of your groups has new keys and waits to be let in again',
      "Jane sees: Bob waits for Shared with Bob; the fingerprint is Bob's",
      'Jane grants 1 key',
      'Bob opens Shared with Bob and reads what Jane wrote',
    ]);
  });
});
