import {
  AnswerContradictory,
  type Group,
  GroupRolledBack,
  MemoryNotes,
  MessageMisplaced,
  MessageTampered,
  Nightvault,
  ResourceRefused,
  VersionChanged,
} from '../../../../client/index.ts';
import { changesPull, changesPush, type PulledResource } from '../../../../shared/protocol/changes.ts';
import { resourceHistory, resourceRestore } from '../../../../shared/protocol/history.ts';
import { startHostileStack } from '../../../support/hostile-stack.ts';
import { collect, drafts, enter, jane } from '../../../support/sdk.ts';

const { stack, proxy } = await startHostileStack();
await enter(stack, jane);
const notes = new MemoryNotes();
const janes = await Nightvault.connect(proxy.url, { notes }).logIn(jane);
let group: Group;
beforeEach(async () => {
  group = await janes.groups.create('Web shop');
  await group.changes.push(drafts(3));
});
afterAll(() => expect(proxy.everythingSent()).not.toContain('example.com/'));

const pull = (from = group) => collect(from.changes.pull({ cursor: null }));
/** The same group as another device has it, that has seen nothing yet. */
const elsewhere = async () => (await Nightvault.connect(proxy.url).logIn(jane)).groups.open(group.id);
const rewrite = (change: (rows: PulledResource[]) => unknown[]) =>
  proxy.lie('changes-pull', changesPull, (truth) => ({ ...truth, changes: change(truth.changes) }));
const first = (change: (row: PulledResource) => object) =>
  rewrite(([row, ...rows]) => (row === undefined ? [] : [{ ...row, ...change(row) }, ...rows]));
const contradiction = (name: string, what: string) => ({
  constructor: AnswerContradictory,
  code: 'ANSWER_CONTRADICTORY',
  message: `The answer of ${name} cannot be right: ${what}.`,
});

describe('a hostile server that hands out resources', () => {
  it('is read from while it is honest', async () => {
    expect((await pull()).map(({ id, content }) => ({ id, content }))).toEqual(
      drafts(3).map(({ id, content }) => ({ id, content })),
    );
    expect(await pull(await elsewhere())).toHaveLength(3);
  });

  const refused = (cause: object) => ({
    constructor: ResourceRefused,
    code: 'RESOURCE_REFUSED',
    id: 'req_0',
    groupId: group.id,
    message: expect.stringContaining(`The resource req_0 of the group ${group.id} was refused: `),
    cause: expect.objectContaining(cause),
  });

  it("cannot put one resource's content in another's place", async () => {
    const device = await elsewhere();
    rewrite(([one, two, ...rows]) => [{ ...one, encContent: two?.encContent }, two, ...rows]);
    await expect(pull(device)).rejects.toMatchObject(
      refused({ constructor: MessageMisplaced, code: 'MESSAGE_MISPLACED' }),
    );
    rewrite(([one, two, ...rows]) => {
      const ad = JSON.parse(one?.encContent ?? '').ad;
      return [{ ...one, encContent: JSON.stringify({ ...JSON.parse(two?.encContent ?? ''), ad }) }, two, ...rows];
    });
    await expect(pull(device)).rejects.toMatchObject(
      refused({ constructor: MessageTampered, code: 'MESSAGE_TAMPERED' }),
    );
  });

  it("cannot pass content of one group off as another's", async () => {
    const other = await janes.groups.create('Another');
    await other.changes.push(drafts(3));
    const device = await elsewhere();
    const foreign: PulledResource[] = [];
    proxy.lie('changes-pull', changesPull, (truth) => {
      foreign.push(...truth.changes);
      return truth;
    });
    await pull(other);
    rewrite((rows) => rows.map((row, at) => ({ ...row, encContent: foreign[at]?.encContent })));
    await expect(pull(device)).rejects.toMatchObject(refused({ constructor: MessageMisplaced }));
  });

  it('cannot pass content from before a rotation off as written after it', async () => {
    await group.rotateKey();
    const device = await elsewhere();
    first(() => ({ keyEpoch: 2 }));
    await expect(pull(device)).rejects.toMatchObject(refused({ constructor: MessageMisplaced }));
  });

  it('cannot change what stands under a version that was seen', async () => {
    const before = (await pull())[0];
    const changed = { ...drafts(1)[0], id: 'req_0', type: 'T', name: '', lastEdited: 2, content: 'new' };
    const [verdict] = await group.changes.push([{ ...changed, baseVersion: before?.version ?? null }]);
    const kept = await collect(group.history('req_0'));
    expect(kept.map(({ content }) => content)).toEqual(['new', drafts(1)[0]?.content]);
    let old: object = {};
    proxy.lie('resource-history', resourceHistory, (truth) => {
      old = { encContent: truth.versions[1]?.encContent };
      return truth;
    });
    await collect(group.history('req_0'));
    rewrite((rows) => rows.map((row) => (row.id === 'req_0' ? { ...row, ...old } : row)));
    await expect(pull()).rejects.toMatchObject(refused({ constructor: VersionChanged, code: 'VERSION_CHANGED' }));
    rewrite((rows) => [{ ...rows[2], ...old, version: before?.version, revision: 1 }, ...rows.slice(0, 2)]);
    await expect(pull()).rejects.toMatchObject(refused({ constructor: VersionChanged }));
    expect(verdict?.status).toBe('updated');
  });

  it('hides none of the others with one that is spoiled, and nothing of that is handed out', async () => {
    first(({ encContent }) => ({ encContent: encContent.replace('"d":"', '"d":"00') }));
    const told: ResourceRefused[] = [];
    const device = await elsewhere();
    const seen = await collect(device.changes.pull({ cursor: null, onRefused: (each) => void told.push(each) }));
    expect(seen.map(({ id }) => id)).toEqual(['req_1', 'req_2']);
    expect(told).toMatchObject([refused({ constructor: MessageTampered })]);
  });

  it('cannot tell changes twice, backwards, out of nowhere, or for ever', async () => {
    const wrongOrder = contradiction('changes-pull', 'changes come twice or out of their order');
    rewrite((rows) => [...rows, ...rows]);
    await expect(pull()).rejects.toMatchObject(wrongOrder);
    rewrite((rows) => rows.toReversed());
    await expect(pull()).rejects.toMatchObject(wrongOrder);
    proxy.lie('changes-pull', changesPull, (truth) => ({ ...truth, more: true }));
    await expect(pull()).rejects.toMatchObject(contradiction('changes-pull', 'an empty page says that more follows'));
    const again: object[] = [];
    proxy.lie('changes-pull', changesPull, (truth) => {
      if (again.length === 0) again.push(...truth.changes);
      return { ...truth, changes: again, more: true };
    });
    await expect(pull()).rejects.toMatchObject(wrongOrder);
    first(() => ({ revision: 99 }));
    await expect(pull()).rejects.toMatchObject(wrongOrder);
    rewrite((rows) => rows.map((row) => ({ ...row, revision: row.revision + 90 })));
    await expect(pull()).rejects.toMatchObject(contradiction('changes-pull', 'a change is newer than the group'));
  });

  it('cannot go back to an earlier state, in another run either', async () => {
    const rolledBack = {
      constructor: GroupRolledBack,
      code: 'GROUP_ROLLED_BACK',
      message: `The group ${group.id} was at revision 3, and the server says that it is at 2.`,
    };
    const behind = () =>
      proxy.lie('changes-pull', changesPull, (truth) => ({
        ...truth,
        changes: truth.changes.slice(0, 2),
        revision: 2,
      }));
    behind();
    await expect(pull()).rejects.toMatchObject(rolledBack);
    proxy.honest();
    const later = await Nightvault.connect(proxy.url, { notes: new MemoryNotes(notes.entries()) }).logIn(jane);
    const reopened = await later.groups.open(group.id);
    behind();
    await expect(pull(reopened)).rejects.toMatchObject(rolledBack);
  });

  it('cannot tell of another resource in a history, nor of a changed one', async () => {
    const [one] = await pull();
    proxy.lie('resource-history', resourceHistory, ({ versions, next }) => ({
      versions: versions.map((version) => ({ ...version, id: 'req_1' })),
      next,
    }));
    await expect(collect(group.history('req_0'))).rejects.toMatchObject(
      contradiction('resource-history', 'it tells of another resource'),
    );
    proxy.lie('resource-history', resourceHistory, ({ versions, next }) => ({
      versions: versions.map((version) => ({ ...version, encContent: '{"iv":"","t":"","d":"","ad":""}' })),
      next,
    }));
    await expect(collect(group.history('req_0'))).rejects.toMatchObject({ code: 'RESOURCE_REFUSED' });
    proxy.lie('resource-restore', resourceRestore, ({ result, revision }) => ({
      revision,
      result: { ...result, id: 'x' },
    }));
    await expect(group.restore({ id: 'req_0', version: one?.version ?? '' }, one?.version ?? '')).rejects.toMatchObject(
      contradiction('resource-restore', 'it tells of another resource'),
    );
  });
});

describe('a hostile server that takes resources', () => {
  const more = () => drafts(2, 10);

  it.each([
    ['1 verdicts on 2 changes', (results: object[]) => results.slice(1)],
    ['3 verdicts on 2 changes', (results: object[]) => [...results, ...results.slice(1)]],
    ['a verdict is on a resource that was not sent, or out of its turn', (results: object[]) => results.toReversed()],
    [
      'a verdict is on a resource that was not sent, or out of its turn',
      ([one, ...rest]: object[]) => [{ ...one, id: 'req_66' }, ...rest],
    ],
    ['what was written has no version', ([one, ...rest]: object[]) => [{ ...one, version: null }, ...rest]],
  ])('is not believed: %s', async (what, change) => {
    proxy.lie('changes-push', changesPush, (truth) => ({ ...truth, results: change(truth.results) }));
    const push = group.changes.prepare(more());
    await expect(push.send()).rejects.toMatchObject(contradiction('changes-push', what));
    expect(push.verdicts).toEqual([]);
    proxy.honest();
    expect(await push.send()).toMatchObject([{ status: 'created' }, { status: 'created' }]);
  });

  it('cannot say that it is further back than it was', async () => {
    proxy.lie('changes-push', changesPush, (truth) => ({ ...truth, revision: 1 }));
    await expect(group.changes.push(more())).rejects.toMatchObject({ code: 'GROUP_ROLLED_BACK' });
  });

  it('cannot show something else in a conflict', async () => {
    const [draft] = drafts(1);
    if (draft === undefined) throw new Error('There is no draft.');
    const conflicting = [{ ...draft, content: 'other' }];
    expect(await group.changes.push(conflicting)).toMatchObject([
      { status: 'conflict', current: { id: 'req_0', content: draft.content } },
    ]);
    const other = (await collect((await elsewhere()).changes.pull())).at(1);
    proxy.lie('changes-push', changesPush, ({ revision, results: [one] }) => ({
      revision,
      results: [{ ...one, current: { ...one?.current, id: other?.id } }],
    }));
    await expect(group.changes.push(conflicting)).rejects.toMatchObject(
      contradiction('changes-push', 'a conflict shows another resource'),
    );
    proxy.lie('changes-push', changesPush, ({ revision, results: [one] }) => ({
      revision,
      results: [{ ...one, current: { ...one?.current, keyEpoch: 9 } }],
    }));
    const [verdict] = await group.changes.push(conflicting);
    expect(verdict).toMatchObject({ status: 'conflict', refused: { code: 'RESOURCE_REFUSED' } });
    expect(verdict).not.toHaveProperty('current');
  });
});
