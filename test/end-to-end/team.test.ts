import { LocalStack } from '../../emulator/demo/local-stack.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { enter } from './story.ts';
import { playTeam } from './team-story.ts';

const jane = { email: 'jane@example.com', passphrase: 'a kettle on the quay', firstName: 'Jane', lastName: '' };
const bob = { email: 'bob@example.com', passphrase: 'drei Möwen im Nebel', firstName: 'Bob', lastName: '' };

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

describe('Jane invites Bob, who has no account yet', () => {
  it('and he waits until she has compared his key, reads, and reads nothing more once he is out', async () => {
    const local = new LocalStack(stack.url);
    const janes = await enter(local, jane);
    const { transcript } = await playTeam(local, janes, bob.email, () => enter(local, bob), '{"url":"/orders"}');
    expect(transcript).toEqual([
      'Bob gets a mail: You are invited to a team on Nightvault; You have no account',
      'Bob sees an invite: Harbour, as member, by Jane',
      'Bob accepts, opens 0 groups; Team orders waits for Jane',
      'Jane gets a mail: Your invite was accepted: please confirm it',
      'Jane sees: Bob has accepted',
      'Jane confirms, having compared the fingerprint; 0 groups are left',
      'Bob opens Team orders and reads what Jane wrote',
      'Jane makes a group; 1 key is given',
      'Jane takes Bob out: Made later,Team orders need new keys',
      'Jane rotates Made later to epoch 2 and pushes: created',
      'Jane rotates Team orders to epoch 2 and pushes: created',
    ]);
  });
});
