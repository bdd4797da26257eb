import { type Account, CallFailed, Nightvault, SavedStateUnusable } from '../../../client/index.ts';
import { LocalStack } from '../../../emulator/demo/local-stack.ts';
import { hashed, waitForEvents } from '../../support/analytics.ts';
import { codeIn } from '../../support/mail.ts';
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

  it('cannot be resumed from what is not whole', () => {
    const server = Nightvault.connect(stack.url);
    const saved = janes.save();
    const unusable = { constructor: SavedStateUnusable, code: 'SAVED_STATE_UNUSABLE' };
    for (const broken of [
      undefined,
      {},
      { ...saved, token: 'x' },
      { ...saved, keys: { ...saved.keys, privateKey: '{}' } },
    ]) {
      expect(failureOf(() => server.resume(broken))).toMatchObject(unusable);
    }
    const { keys } = bobs.save();
    expect(failureOf(() => server.resume({ ...saved, keys }))).toMatchObject({
      ...unusable,
      message: 'What was saved cannot be used: the keys of the session are not whole. Log in again.',
    });
    expect(failureOf(() => janes.groups.resume({ v: 1 }))).toMatchObject(unusable);
  });

  it('changes its passphrase as often as it likes, and knows its own fingerprint', async () => {
    const before = await bobs.fingerprint();
    const next = [`${bob.passphrase} 2`, `${bob.passphrase} 3`] as const;
    await bobs.changePassphrase({ oldPassphrase: bob.passphrase }, next[0]);
    await bobs.changePassphrase({ oldPassphrase: next[0] }, next[1]);
    const again = await Nightvault.connect(stack.url).logIn({ ...bob, passphrase: next[1] });
    expect(await again.fingerprint()).toBe(before);
    expect(again.save().keys).toEqual(bobs.save().keys);
    expect((await again.sessions.list()).length).toBeGreaterThanOrEqual(2);
    expect(await again.sessions.revoke('others')).toBeGreaterThanOrEqual(1);
    const [newest] = await collect(again.sessions.events());
    expect(newest).toMatchObject({ event: 'sessions-revoked' });
    await expect(bobs.refresh()).rejects.toMatchObject({ constructor: CallFailed, code: 'UNAUTHENTICATED' });
  });

  it('has a say in usage events, and sends one', async () => {
    expect(await janes.usage.preference()).toMatchObject({ analytics: 'off', chosen: null });
    expect(await janes.usage.choose('on', { forget: true })).toMatchObject({ analytics: 'on' });
    const server = Nightvault.connect(stack.url);
    const event = { event: 'Request Executed', anonymousId: crypto.randomUUID(), userId: janes.id };
    await server.track('local-write-key', event);
    const [stored] = await waitForEvents(stack, 1);
    expect(stored).toMatchObject({ event: 'Request Executed', userId: await hashed(stack).userId(janes.id) });
    await expect(server.track('another', event)).rejects.toMatchObject({ code: 'WRITE_KEY_INVALID' });
  });

  it('gives up a call at a signal', async () => {
    const reason = new Error('enough');
    await expect(janes.groups.list({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const server = Nightvault.connect(stack.url);
    await expect(server.logIn(jane, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect((await janes.groups.list()).length).toBe(1);
  });

  it('lets somebody in again whose passphrase was reset, once the new key has been compared', async () => {
    const [group] = await janes.groups.list();
    if (group === undefined) throw new Error('Jane has no group.');
    const server = Nightvault.connect(stack.url);
    await server.startReset(bob.email);
    const token = codeIn(await new LocalStack(stack.url).waitForMail(bob.email, /reset/));
    expect((await server.previewReset(token)).groups).toMatchObject([{ id: group.id, outcome: 'kept' }]);
    await server.finishReset({ token, email: bob.email, passphrase: 'anew' });
    const anew = await server.logIn({ ...bob, passphrase: 'anew' });
    await expect(anew.groups.open(group.id)).rejects.toMatchObject({ code: 'GROUP_NOT_OPEN' });
    await group.rename('Harbour shop');
    const fingerprint = await anew.fingerprint();
    expect(await janes.readmit([group], (person) => person.fingerprint === fingerprint)).toBe(1);
    const reopened = await anew.groups.open(group.id);
    expect(reopened.name).toBe('Harbour shop');
    expect(await collect(reopened.changes.pull())).toHaveLength(450);
    await group.share(bob.email, 'viewer').catch((error) => expect(error).toMatchObject({ code: 'LINK_EXISTS' }));
  });
});

function failureOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
