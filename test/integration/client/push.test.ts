import { type Account, type Draft, type Group, Nightvault, type Progress, Unreachable } from '../../../client/index.ts';
import { configuration } from '../../../shared/protocol/configuration.ts';
import { startHostileStack } from '../../support/hostile-stack.ts';
import { bob, collect, drafts, enter, jane } from '../../support/sdk.ts';

const { stack, proxy } = await startHostileStack();
await enter(stack, jane);
let janes: Account;
let group: Group;
beforeEach(() => connect());

/** Anew, at a server with other limits. */
async function connect(limits: Record<string, number> = {}): Promise<void> {
  proxy.lie('configuration', configuration, (truth) => ({ ...truth, limits: { ...truth.limits, ...limits } }));
  janes = await Nightvault.connect(proxy.url, { wait: async () => {} }).logIn(jane);
  group = await janes.groups.create('Web shop');
}

interface Sent {
  readonly keyEpoch: number;
  readonly atomic: boolean;
  readonly changes: readonly Readonly<Record<string, unknown>>[];
}
const pushes = () => proxy.callsOf('changes-push').map(({ body }) => body as Sent);
const keys = () => proxy.callsOf('changes-push').map(({ headers }) => headers['idempotency-key']);
const pulled = async () => (await collect(group.changes.pull({ cursor: null }))).map(({ id }) => id);

describe('a push', () => {
  it('is cut by the number of changes, in the order of the drafts, and tells how far it is', async () => {
    await connect({ pushChanges: 2 });
    const progress: Progress[] = [];
    const verdicts = await group.changes.push(drafts(5), { onProgress: (each) => void progress.push(each) });
    expect(verdicts.map(({ id }) => id)).toEqual(drafts(5).map(({ id }) => id));
    expect(pushes().map(({ changes }) => changes.length)).toEqual([2, 2, 1]);
    expect(progress).toEqual([2, 4, 5].map((done) => ({ done, total: 5 })));
    expect(new Set(keys()).size).toBe(3);
  });

  it('is cut by bytes exactly as the server counts them', async () => {
    await connect({ pushContentBytes: 10_000 });
    const content = 'ü'.repeat(700);
    await group.changes.push(drafts(3).map((draft) => ({ ...draft, content })));
    const sizes = pushes().map(
      ({ changes }) =>
        changes.flatMap(({ id, type, name, encContent }) => [id, type, name, encContent]).join('').length,
    );
    expect(sizes).toHaveLength(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10_000);
    proxy.honest();
    await connect({ pushContentBytes: 2 * (sizes[0] ?? 0) });
    await group.changes.push(drafts(3).map((draft) => ({ ...draft, content })));
    expect(pushes().map(({ changes }) => changes.length)).toEqual([2, 1]);
  });

  it('takes drafts as they come, a resource twice too', async () => {
    async function* coming(): AsyncGenerator<Draft> {
      yield* drafts(2);
      yield* drafts(1);
    }
    const verdicts = await group.changes.push(coming());
    expect(verdicts.map(({ id, status }) => [id, status])).toEqual([
      ['req_0', 'created'],
      ['req_1', 'created'],
      ['req_0', 'conflict'],
    ]);
    expect(pushes()).toHaveLength(2);
    expect(await group.changes.push([])).toEqual([]);
  });

  it('refuses by itself what is too large for a resource, and sends the others', async () => {
    await connect({ inlineContentBytes: 10_000 });
    const [one, two, three] = drafts(3);
    if (one === undefined || two === undefined || three === undefined) throw new Error('There are three drafts.');
    const verdicts = await group.changes.push([one, { ...two, content: 'x'.repeat(10_000) }, three]);
    expect(verdicts).toMatchObject([
      { id: 'req_0', status: 'created' },
      { id: 'req_1', status: 'rejected', code: 'CONTENT_TOO_LARGE', version: null },
      { id: 'req_2', status: 'created' },
    ]);
    expect(await pulled()).toEqual(['req_0', 'req_2']);
  });

  it('sends nothing of a draft but what the protocol names, and no half of a character', async () => {
    const [draft] = drafts(1);
    if (draft === undefined) throw new Error('There is a draft.');
    await group.changes.push([{ ...draft, ...{ plain: 'do not tell' } }]);
    expect(proxy.everythingSent()).not.toContain('do not tell');
    await expect(group.changes.push([{ ...draft, content: '\ud800' }])).rejects.toMatchObject({
      code: 'TEXT_NOT_WELL_FORMED',
    });
  });
});

describe('a push that breaks off', () => {
  it('goes on where it was: the call without an answer again under its key, the others once', async () => {
    await connect({ pushChanges: 2 });
    const push = group.changes.prepare(drafts(6));
    const stop = new AbortController();
    await expect(
      push.send({ signal: stop.signal, onProgress: ({ done }) => done === 2 && proxy.cutOff('changes-push', 4) }),
    ).rejects.toMatchObject({ constructor: Unreachable, code: 'UNREACHABLE' });
    expect(push.verdicts.map(({ id }) => id)).toEqual(['req_0', 'req_1']);
    const verdicts = await push.send();
    expect(verdicts.map(({ id, status }) => [id, status])).toEqual(drafts(6).map(({ id }) => [id, 'created']));
    const [first, ...again] = keys();
    expect(again.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => again[0]));
    expect(new Set([first, ...again]).size).toBe(3);
    expect(await group.changes.push(drafts(0))).toEqual([]);
    expect((await janes.groups.check([{ group, cursor: null }])).groups).toMatchObject([{ revision: 6 }]);
    expect(await push.send()).toEqual(verdicts);
  });

  it('ends at a signal with its reason, and can be gone on with', async () => {
    await connect({ pushChanges: 1 });
    const stop = new AbortController();
    const push = group.changes.prepare(drafts(3));
    const reason = new Error('enough for today');
    await expect(push.send({ signal: stop.signal, onProgress: () => stop.abort(reason) })).rejects.toBe(reason);
    expect(push.verdicts).toHaveLength(1);
    await push.send();
    expect(await pulled()).toEqual(['req_0', 'req_1', 'req_2']);
    await expect(group.changes.push(drafts(1), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('is sent by one at a time', async () => {
    const push = group.changes.prepare(drafts(2));
    const first = push.send();
    await expect(push.send()).rejects.toThrow(
      new TypeError('This push is on its way: wait for its verdicts before it is sent again.'),
    );
    expect(await first).toHaveLength(2);
    expect(await push.send()).toHaveLength(2);
    expect(pushes()).toHaveLength(1);
  });

  it('can be given up while the limits are awaited, and hinders nobody else who waits for them', async () => {
    const server = Nightvault.connect(proxy.url, { wait: async () => {} });
    const stop = new AbortController();
    const [given, other] = [server.configuration({ signal: stop.signal }), server.configuration()];
    stop.abort(new Error('the lid was closed'));
    await expect(given).rejects.toThrow('the lid was closed');
    expect((await other).limits).toBeDefined();
    expect(proxy.callsOf('configuration')).toHaveLength(1);
  });

  it('does not hide drafts that broke off themselves', async () => {
    const broken = async function* () {
      yield* drafts(1);
      throw new Error('unplugged');
    };
    const push = group.changes.prepare(broken());
    await expect(push.send()).rejects.toThrow('unplugged');
    await expect(push.send()).rejects.toThrow('unplugged');
  });
});

describe('a push after a rotation', () => {
  it('elsewhere fetches the new key, and encrypts anew', async () => {
    const elsewhere = await (await Nightvault.connect(stack.url).logIn(jane)).groups.open(group.id);
    await elsewhere.rotateKey();
    expect(await group.changes.push(drafts(2))).toMatchObject([{ status: 'created' }, { status: 'created' }]);
    expect(group.keyEpoch).toBe(2);
    expect(pushes().map(({ keyEpoch }) => keyEpoch)).toEqual([1, 2]);
    expect(new Set(keys()).size).toBe(2);
    expect(await collect(elsewhere.changes.pull())).toHaveLength(2);
    await group.rotateKey();
    await group.changes.push(drafts(1, 9));
    expect(await collect(elsewhere.changes.pull())).toMatchObject([{ id: 'req_9', keyEpoch: 3 }]);
  });

  it('that is still to be made says so', async () => {
    const bobs = await enter(stack, bob);
    await group.share(bob.email, 'editor');
    await group.revoke(bobs.id);
    await expect(group.changes.push(drafts(1))).rejects.toMatchObject({
      code: 'KEY_EPOCH_STALE',
      problem: { rotationRequired: true },
    });
    await group.rotateKey();
    expect(await group.changes.push(drafts(1))).toMatchObject([{ status: 'created' }]);
  });
});

describe('a transaction', () => {
  it('writes all, or nothing', async () => {
    expect(await group.changes.transaction(drafts(2))).toMatchObject([{ status: 'created' }, { status: 'created' }]);
    expect(
      await group.changes.transaction([...drafts(1, 1).map((each) => ({ ...each, content: 'y' })), ...drafts(1, 7)]),
    ).toMatchObject([
      { id: 'req_1', status: 'conflict' },
      { id: 'req_7', status: 'rejected', code: 'ATOMIC_ABORTED' },
    ]);
    expect(pushes().map(({ atomic }) => atomic)).toEqual([true, true]);
    expect(await pulled()).toEqual(['req_0', 'req_1']);
  });

  it('must fit one call', async () => {
    await connect({ pushChanges: 2 });
    await expect(group.changes.transaction(drafts(3))).rejects.toMatchObject({
      code: 'PUSH_TOO_LARGE',
      message: expect.stringContaining('after 2 changes'),
    });
    expect(pushes()).toEqual([]);
  });
});
