import { randomBytes } from 'node:crypto';
import type { ChangeResult } from '../../../shared/protocol/changes.ts';
import { limits } from '../../../shared/protocol/limits.ts';
import { groups } from '../../../shared/store/groups.ts';
import { type Member, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, message, pull as pullAs, push as pushAs, shareWith } from '../../support/sync.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;

beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

const push = (groupId: string, changes: readonly object[], more: object = {}, member = jane) =>
  pushAs(stack, member, groupId, changes, more);
const pull = (groupId: string, member = jane) => pullAs(stack, member, groupId);

describe('changes-push', () => {
  it('creates, updates, removes and brings back, with a verdict each in the order asked', async () => {
    const groupId = await newGroup(stack, jane);
    const created = await push(groupId, [change('req_2'), change('req_1')]);
    expect(created.status).toBe(200);
    expect(created.body.revision).toBe(2);
    expect(created.body.results).toEqual([
      { id: 'req_2', status: 'created', version: expect.any(String) },
      { id: 'req_1', status: 'created', version: expect.any(String) },
    ]);
    const [two, one] = created.body.results.map(({ version }) => version);
    const next = await push(groupId, [
      change('req_1', { baseVersion: one }),
      change('req_2', { baseVersion: two, removed: true }),
    ]);
    expect(next.body).toMatchObject({ revision: 4, results: [{ status: 'updated' }, { status: 'removed' }] });
    const back = await push(groupId, [change('req_2', { baseVersion: next.body.results[1]?.version })]);
    expect(back.body).toMatchObject({ revision: 5, results: [{ id: 'req_2', status: 'updated' }] });
  });

  it('answers the same bytes with unchanged, whatever version the pusher had seen', async () => {
    const groupId = await newGroup(stack, jane);
    const same = change('req_1');
    const first = await push(groupId, [same]);
    const again = await push(groupId, [same]);
    expect(again.body).toEqual({
      revision: 1,
      results: [{ id: 'req_1', status: 'unchanged', version: first.body.results[0]?.version }],
    });
  });

  it('answers a stale version with a conflict and the row that stands, and writes the rest', async () => {
    const groupId = await newGroup(stack, jane);
    await shareWith(stack, jane, groupId, bob);
    const seen = (await push(groupId, [change('req_1')])).body.results[0]?.version;
    const bobs = change('req_1', { baseVersion: seen, name: "Bob's" });
    expect((await push(groupId, [bobs], {}, bob)).body.results[0]?.status).toBe('updated');

    const answer = await push(groupId, [change('req_1', { baseVersion: seen, name: "Jane's" }), change('req_9')]);
    expect(answer.body.results).toMatchObject([
      {
        id: 'req_1',
        status: 'conflict',
        current: {
          id: 'req_1',
          name: "Bob's",
          encContent: bobs.encContent,
          createdBy: jane.accountId,
          lastEditedBy: bob.accountId,
        },
      },
      { id: 'req_9', status: 'created' },
    ]);
    const { changes } = await pull(groupId);
    expect(changes.find(({ id }) => id === 'req_1')?.name).toBe("Bob's");
  });

  it('writes all or nothing when asked to be atomic', async () => {
    const groupId = await newGroup(stack, jane);
    await push(groupId, [change('req_1')]);
    const answer = await push(groupId, [change('req_1', { baseVersion: 'old' }), change('req_2')], { atomic: true });
    expect(answer.body).toMatchObject({
      revision: 1,
      results: [{ status: 'conflict' }, { id: 'req_2', status: 'rejected', code: 'ATOMIC_ABORTED', version: null }],
    });
    expect((await pull(groupId)).changes.map(({ id }) => id)).toEqual(['req_1']);
  });

  it('rejects one item that is too large and writes the others', async () => {
    const groupId = await newGroup(stack, jane);
    const size = (encContent: string) => Buffer.byteLength(encContent);
    const frame = size(message(0));
    const fits = change('req_fits', { encContent: message(Math.floor((limits.inlineContentBytes - frame) / 2)) });
    expect(size(fits.encContent)).toBeGreaterThan(limits.inlineContentBytes - 2);
    const large = change('req_large', { encContent: message(limits.inlineContentBytes / 2) });
    const answer = await push(groupId, [large, fits]);
    expect(answer.body.results).toEqual([
      { id: 'req_large', status: 'rejected', version: null, code: 'CONTENT_TOO_LARGE' },
      { id: 'req_fits', status: 'created', version: expect.any(String) },
    ]);
  });

  it('is one commit at its limits, and refused one step beyond', async () => {
    const groupId = await newGroup(stack, jane);
    const many = Array.from({ length: limits.pushChanges }, (_, n) =>
      change(`req_${n}`, { encContent: message(3_400) }),
    );
    expect(many.reduce((sum, { encContent }) => sum + encContent.length, 0)).toBeGreaterThan(
      limits.pushContentBytes * 0.95,
    );
    const full = await push(groupId, many);
    expect(full.status).toBe(200);
    expect(full.body.revision).toBe(limits.pushChanges);

    const tooMany = await push(groupId, [...many, change('req_more')]);
    expect(tooMany).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: '/changes' }] } });
    const heavy = Array.from({ length: 3 }, (_, n) => change(`req_${n}`, { encContent: message(260_000) }));
    await expect(push(groupId, heavy)).resolves.toMatchObject({
      status: 400,
      body: { errors: [{ path: '/changes' }] },
    });
    const [group] = await stack.platform.database.get(groups.doc(groupId));
    expect(group?.data.revision).toBe(limits.pushChanges);
  });

  it('is for editors', async () => {
    const groupId = await newGroup(stack, jane);
    await shareWith(stack, jane, groupId, bob, 'viewer');
    await expect(push(groupId, [change('req_1')], {}, bob)).resolves.toMatchObject({
      status: 403,
      body: { code: 'ROLE_REQUIRED', required: 'editor', role: 'viewer' },
    });
    expect((await pull(groupId, bob)).changes).toEqual([]);
  });

  it('refuses another key epoch, and any once a member has left', async () => {
    const groupId = await newGroup(stack, jane);
    const stale = { code: 'KEY_EPOCH_STALE', keyEpoch: 1 };
    await expect(push(groupId, [change('req_1')], { keyEpoch: 2 })).resolves.toMatchObject({
      status: 409,
      body: { ...stale, rotationRequired: false },
    });
    await shareWith(stack, jane, groupId, bob);
    await stack.call('link-revoke', { token: jane.token, body: { groupId, accountId: bob.accountId } });
    await expect(push(groupId, [change('req_1')])).resolves.toMatchObject({
      status: 409,
      body: { ...stale, rotationRequired: true },
    });

    const links = [{ accountId: jane.accountId, encSymmetricKey: wrappedKey() }];
    await stack.call('group-rotate-key', { token: jane.token, body: { groupId, baseKeyEpoch: 1, links } });
    expect((await push(groupId, [change('req_1')], { keyEpoch: 2 })).status).toBe(200);
    expect((await pull(groupId)).changes[0]?.keyEpoch).toBe(2);
  });

  it('gives a retry its first answer and writes once', async () => {
    const groupId = await newGroup(stack, jane);
    const call = {
      token: jane.token,
      headers: { 'idempotency-key': randomBytes(8).toString('hex') },
      body: { groupId, keyEpoch: 1, changes: [change('req_1')] },
    };
    const first = await stack.call('changes-push', call);
    const again = await stack.call('changes-push', call);
    expect(again.body).toEqual(first.body);
    expect((first.body as { results: ChangeResult[] }).results[0]?.status).toBe('created');
    const [group] = await stack.platform.database.get(groups.doc(groupId));
    expect(group?.data.revision).toBe(1);
  });

  it('gives parallel pushes revisions without a gap and loses none', async () => {
    const groupId = await newGroup(stack, jane);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => push(groupId, [change(`req_${n}`)])));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const revisions = answers.map(({ body }) => body.revision).sort((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect((await pull(groupId)).changes).toHaveLength(20);
  });

  it.each([
    ['/changes/0/id', { id: 'a b' }],
    ['/changes/0/id', { id: '__all__' }],
    ['/changes/0/id', { id: '..' }],
    ['/changes/0/id', { id: 'a/b' }],
    ['/changes/0/lastEdited', { lastEdited: 1.5 }],
    ['/changes/0/encContent', { encContent: 'not json' }],
    ['/changes/0/encContent', { encContent: '"text"' }],
    ['/changes/0/name', { name: 'lone \ud800 surrogate' }],
    ['/changes/0/type', { type: '' }],
  ])('names %s when it is wrong: %j', async (path, wrong) => {
    const groupId = await newGroup(stack, jane);
    const answer = await push(groupId, [change('req_1', wrong)]);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path }] } });
  });

  it('refuses a push that names a resource twice', async () => {
    const groupId = await newGroup(stack, jane);
    await expect(push(groupId, [change('req_1'), change('req_1')])).resolves.toMatchObject({
      status: 400,
      body: { errors: [{ path: '/changes', message: 'must name each resource once' }] },
    });
  });
});
