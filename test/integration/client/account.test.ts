import { type Account, Nightvault } from '../../../client/index.ts';
import { bob, collect, drafts, enter, jane } from '../../support/sdk.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let janes: Account;
let bobs: Account;
beforeAll(async () => {
  stack = await startTestStack();
  [janes, bobs] = await Promise.all([enter(stack, jane), enter(stack, bob)]);
});
afterAll(() => stack.stop());

describe('an account', () => {
  it('pushes, shares, and is read by the other', async () => {
    const group = await janes.groups.create('Web shop');
    const verdicts = await group.changes.push(drafts(450));
    expect(verdicts.map(({ id, status }) => ({ id, status }))).toEqual(
      drafts(450).map(({ id }) => ({ id, status: 'created' })),
    );
    await group.share(bob.email, 'editor');
    const bobsGroup = await bobs.groups.open(group.id);
    const read = await collect(bobsGroup.changes.pull());
    expect(read.map(({ content }) => content)).toEqual(drafts(450).map(({ content }) => content));
    expect(await collect(bobsGroup.changes.pull())).toEqual([]);
  });

  it('resumes from what it saved, with no call until there is one to make', async () => {
    const [group] = await janes.groups.list();
    const saved = JSON.parse(JSON.stringify({ account: janes.save(), group: group?.save() }));
    const again = Nightvault.connect(stack.url).resume(saved.account);
    const reopened = again.groups.resume(saved.group);
    const calls = stack.logs.length;
    expect(await again.groups.check([{ group: reopened, cursor: null }])).toMatchObject({
      groups: [{ groupId: group?.id, revision: 450, changed: true }],
      missing: [],
    });
    expect(stack.logs.slice(calls).filter(({ message }) => message.includes('sync-check'))).toHaveLength(1);
  });
});
