import { type Account, type Group, Nightvault, Unreachable } from '../../../client/index.ts';
import { startHostileStack } from '../../support/hostile-stack.ts';
import { bob, collect, drafts, enter, jane } from '../../support/sdk.ts';

const { stack, proxy } = await startHostileStack();
await Promise.all([enter(stack, jane), enter(stack, bob)]);
const direct = await Nightvault.connect(stack.url).logIn(jane);
const fast = { wait: async () => {} };
let slow: Account;
let group: Group;
let same: Group;
beforeEach(async () => {
  slow = await Nightvault.connect(proxy.url, fast).logIn(jane);
  group = await direct.groups.create('Web shop');
  same = await slow.groups.open(group.id);
});

const ids = (changes: readonly { readonly id: string }[]) => changes.map(({ id }) => id);

describe('two devices at once', () => {
  it('push and pull, and nothing is taken for a lie', async () => {
    const seen = new Set<string>();
    const writers = [direct, slow].map(async (account, turn) => {
      const its = await account.groups.open(group.id);
      for (let round = 0; round < 25; round++) {
        await its.changes.push(drafts(2, 1000 * turn + 2 * round));
        for await (const { id } of its.changes.pull()) if (turn === 0) seen.add(id);
      }
    });
    await Promise.all(writers);
    for await (const { id } of group.changes.pull()) seen.add(id);
    expect(seen.size).toBe(100);
  });

  it('rotate and open: a list that is older than the keys is asked for again', async () => {
    let rotated = false;
    proxy.before('link-keys', async () => {
      if (rotated) return;
      rotated = true;
      await group.rotateKey();
    });
    await group.rotateKey();
    expect((await slow.groups.open(group.id)).keyEpoch).toBe(3);
    await group.rotateKey();
    rotated = false;
    const listed = (await slow.groups.list()).find(({ id }) => id === group.id);
    expect(listed?.keyEpoch).toBe(5);
  });
});

describe('one device', () => {
  it('may push while a pull is on its way', async () => {
    await same.changes.push(drafts(1));
    const [first] = await collect(same.changes.pull({ cursor: null }));
    const newer = drafts(1).map((draft) => ({
      ...draft,
      content: '{"newer":true}',
      baseVersion: first?.version ?? null,
    }));
    proxy.after('changes-pull', async () => {
      proxy.honest();
      await same.changes.push(newer);
    });
    expect(ids(await collect(same.changes.pull({ cursor: null })))).toEqual(['req_0']);
    const [newest] = await collect(same.changes.pull());
    expect(newest?.content).toBe('{"newer":true}');
  });

  it('loses nothing when the way to a newer key is broken: the pull fails, and goes on later', async () => {
    await group.rotateKey();
    await group.changes.push(drafts(2));
    proxy.cutOff('group-list', 20);
    const refused: object[] = [];
    const onRefused = (each: object) => void refused.push(each);
    await expect(collect(same.changes.pull({ onRefused }))).rejects.toBeInstanceOf(Unreachable);
    proxy.honest();
    expect(ids(await collect(same.changes.pull({ onRefused })))).toEqual(['req_0', 'req_1']);
    expect(refused).toEqual([]);
  });

  it('stops in the middle of a page when it is told to, and its place stays', async () => {
    await group.changes.push(drafts(5));
    const stop = new AbortController();
    const taken: string[] = [];
    const pull = async () => {
      for await (const { id } of same.changes.pull({ signal: stop.signal })) {
        taken.push(id);
        stop.abort(new Error('the lid was closed'));
      }
    };
    await expect(pull()).rejects.toThrow('the lid was closed');
    expect(taken).toEqual(['req_0']);
    expect(await collect(same.changes.pull())).toHaveLength(5);
  });

  it('keeps two accounts apart', async () => {
    const server = Nightvault.connect(stack.url);
    const janes = await (await server.logIn(jane)).groups.open(group.id);
    await janes.changes.push(drafts(2));
    expect(await collect(janes.changes.pull())).toHaveLength(2);
    await janes.share(bob.email, 'viewer');
    const bobs = await (await server.logIn(bob)).groups.open(group.id);
    expect(await collect(bobs.changes.pull())).toHaveLength(2);
  });
});

describe('what a caller throws in its own callback', () => {
  it('comes out of a download as it is', async () => {
    const reference = await group.blobs.upload(new Uint8Array(1000));
    const mine = new Error('mine');
    const onProgress = () => {
      throw mine;
    };
    const download = async () => new Response(await group.blobs.download(reference, { onProgress })).arrayBuffer();
    await expect(download()).rejects.toBe(mine);
  });
});
