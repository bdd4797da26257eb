import { randomBytes } from 'node:crypto';
import { sha256Hex } from '../../../shared/platform/hash.ts';
import { rateRules } from '../../../shared/protocol/rate-rules.ts';
import { accounts } from '../../../shared/store/accounts.ts';
import { update } from '../../../shared/store/database.ts';
import { sendBatch, trackEvent, waitForEvents } from '../../support/analytics.ts';
import { blobsOf, sampleBlob, sha256, twoParts } from '../../support/blobs.ts';
import { codeIn, mailsTo } from '../../support/mail.ts';
import { attemptLogin, type Member, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, later, shareWith, write } from '../../support/sync.ts';
import { collectionsOf, wholeStore } from '../../support/whole-store.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

type Row = Readonly<Record<string, unknown>> & { readonly path: string };
type Export = Readonly<Record<string, readonly Row[]>> & {
  readonly about: { readonly members: Readonly<Record<string, string>> };
  readonly complete: boolean;
};

const exported = async ({ token }: Pick<Member, 'token'>) => stack.call('account-export', { token });
const call = async (name: string, { token }: Member, body: object) => {
  const answer = await stack.call(name, {
    token,
    body,
    headers: { 'idempotency-key': randomBytes(8).toString('hex') },
  });
  if (answer.status >= 300) throw new Error(`${name}: ${answer.text}`);
  return answer.body;
};

/** Something of every kind that can be of an account. */
async function populate(jane: Member, bob: Member) {
  await attemptLogin(stack, jane);
  const shared = await newGroup(stack, jane);
  await shareWith(stack, jane, shared, bob, 'admin');
  const version = await write(stack, jane, shared, change('req_1'));
  await write(stack, jane, shared, change('req_1', { baseVersion: version }));
  const gone = await write(stack, bob, shared, change('req_2'));
  await write(stack, bob, shared, change('req_2', { baseVersion: gone, removed: true }));
  const place = await blobsOf(stack, jane, shared);
  const [whole, begun] = [twoParts(), twoParts()];
  await place.upload(whole);
  await place.put(begun, 1);
  const rewrapped = [jane, bob].map(({ accountId }) => ({ accountId, encSymmetricKey: wrappedKey() }));
  await call('group-rotate-key', jane, { groupId: shared, baseKeyEpoch: 1, links: rewrapped });

  const parent = { name: 'Parent', parentResourceId: 'wrk_1', encSymmetricKey: wrappedKey() };
  await call('group-create', jane, parent);
  const deleted = await newGroup(stack, jane);
  await write(stack, jane, deleted, change('req_3'));
  await call('group-delete', jane, { groupId: deleted });
  // Only read: somebody else has made it, and everything in it.
  const bobs = await newGroup(stack, bob);
  await write(stack, bob, bobs, change('req_4'));
  await shareWith(stack, bob, bobs, jane, 'viewer');
  const strange = await newGroup(stack, bob);
  await write(stack, bob, strange, change('req_5'));

  const { id: teamId } = (await call('team-create', jane, { name: 'Harbour' })) as { id: string };
  await call('invite-create', jane, { teamId, email: 'somebody@example.com', role: 'member' });
  await call('passphrase-code-send', jane, {});
  await stack.call('account-delete-code-send', { body: { email: jane.email } });
  const text = { subject: 'Somebody has read our store', paragraphs: ['A copy was taken.'] };
  await call('breach-notice-start', jane, { ...text, audience: [jane.accountId, bob.accountId], dryRun: false });
  await later(stack, 0, 'breach-notice-run');
  await stack.call('analytics-preference', { method: 'PUT', token: jane.token, body: { analytics: 'on' } });
  await sendBatch(stack, [trackEvent({ userId: jane.accountId })]);
  await waitForEvents(stack, 1);
  return { groups: [shared, deleted, bobs], strange, whole, begun };
}

describe('account-export', () => {
  it('holds every document of the store that is of the account or of a group it can read', async () => {
    const [jane, bob] = [await newMember(stack), await newMember(stack, 'bob')];
    const { groups, strange, whole, begun } = await populate(jane, bob);
    const answer = await exported(jane);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    const all = answer.body as Export;
    expect(all.complete).toBe(true);
    const rows = Object.entries(all).flatMap(([name, member]) =>
      Array.isArray(member) ? member.map((row: Row) => ({ name, ...row })) : [],
    );
    const paths = new Set(rows.map(({ path }) => path));

    const names = [jane.accountId, jane.email, sha256Hex(jane.email)];
    const store = await wholeStore(stack);
    const mine = store.filter(({ text }) => [...names, ...groups].some((name) => text.includes(name)));
    const missing = mine.filter(({ path }) => !paths.has(path)).map(({ path }) => path);
    // Explicitly: what is in a blob stands in its row; the rest is somebody else's.
    const isChunk = (path: string) => path.includes('/chunks/');
    const bobsKey = (path: string) => path.includes(`/links/${bob.accountId}/keys/`);
    const bobsRecords = new Set(
      store
        .filter(
          ({ path, text }) =>
            path.startsWith('idempotency/') && text.includes(`"accountId":{"stringValue":"${bob.accountId}"}`),
        )
        .map(({ path }) => path),
    );
    expect(missing.filter((path) => !isChunk(path) && !bobsKey(path) && !bobsRecords.has(path))).toEqual([]);
    expect(missing.filter(isChunk)).toHaveLength(8 + 2 + 2);
    expect(missing.filter(bobsKey)).toHaveLength(1);

    // Each kind is there, so none is complete for having nothing in it.
    const empty = Object.keys(all.about.members).filter((name) => all[name]?.length === 0);
    expect(empty).toEqual([]);
    const kinds = new Set(mine.map(({ path }) => collectionsOf(path).at(-1)));
    expect(kinds.size).toBeGreaterThanOrEqual(15);
    expect(answer.text).not.toContain(strange);

    const dataOf = (blobId: string) =>
      Buffer.from([all.blobs?.find(({ path }) => path.endsWith(blobId))?.data].flat().join(''), 'base64');
    expect(sha256(dataOf(whole.blobId))).toBe(whole.blobId);
    expect(dataOf(begun.blobId).equals(begun.parts[1] ?? Buffer.alloc(0))).toBe(true);
    const standing = all.resources?.find(({ path }) => path.endsWith('/req_4'));
    expect(standing).toMatchObject({ name: 'Get req_4', encContent: expect.stringContaining('"d"') });
    expect(all.account).toMatchObject([
      { email: jane.email, ...pick(jane.signUpBody, ['encPrivateKey', 'publicKey']) },
    ]);
  });

  it('leaves out what works without a passphrase, and what is another’s', async () => {
    const [jane, bob] = [await newMember(stack), await newMember(stack, 'bob')];
    await populate(jane, bob);
    const { text, body } = await exported(jane);
    const codes = mailsTo(stack, jane.email).filter(({ subject }) => subject.startsWith('Your code'));
    expect(codes).toHaveLength(2);
    for (const secret of [jane.token, jane.signUpBody.verifier ?? '', ...codes.map(codeIn)])
      expect(text).not.toContain(secret);
    expect(text).not.toMatch(/sealedVerifier|sealedValues/);
    const { about, members, notices } = body as Export;
    expect(about.members.logins).toContain('The SRP verifier is left out');
    expect(members?.filter((row) => 'encSymmetricKey' in row)).toEqual([]);
    expect(JSON.stringify(notices)).not.toContain(bob.accountId);
  });

  it('is one row to a line, over many pages', async () => {
    const jane = await newMember(stack);
    const groupId = await newGroup(stack, jane);
    const changes = Array.from({ length: 50 }, (_, n) => change(`req_${n}`));
    await call('changes-push', jane, { groupId, keyEpoch: 1, changes });
    const { text, body } = await exported(jane);
    const { resources, history } = body as Export;
    expect(new Set(resources?.map(({ path }) => path)).size).toBe(50);
    expect(new Set(history?.map(({ path }) => path)).size).toBe(50);
    const lines = text.split('\n').filter((line) => line.includes(`groups/${groupId}/resources/`));
    for (const line of lines)
      expect(JSON.parse(line.replace(/(,|\],)$/, '').replace(/\]$/, ''))).toHaveProperty('path');
    expect(lines.length).toBe(100);
  });

  it('is on record for the owner, needs a session, and is limited', async () => {
    const jane = await newMember(stack);
    const statuses = [];
    for (let n = 0; n <= rateRules.exportByAccount.limit; n += 1) statuses.push((await exported(jane)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const { body } = await stack.call('audit-list', { token: jane.token });
    expect((body as { events: unknown[] }).events).toMatchObject(Array(5).fill({ event: 'account-exported' }));
    await expect(exported({ token: '0'.repeat(64) })).resolves.toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED', detail: 'This session has ended. Log in again.' },
    });
  });

  it('says of a blob that is deleted while it is read that it was, and goes on', async () => {
    const jane = await newMember(stack);
    const place = await blobsOf(stack, jane);
    const [one, two] = [sampleBlob(1_000), sampleBlob(1_000)];
    await place.upload(one);
    await place.upload(two);
    const attempt = (await place.stored(one.blobId))?.data.received[0]?.attempt;
    const path = `groups/${place.groupId}/blobs/${one.blobId}/chunks/${attempt}-0`;
    await stack.platform.database.commit([{ kind: 'delete', path }]);
    const { blobs, complete } = (await exported(jane)).body as Export;
    const row = (id: string) => blobs?.find((each) => each.path.endsWith(id));
    expect(complete).toBe(true);
    expect(row(one.blobId)).toMatchObject({ data: [], deletedMeanwhile: true });
    expect(row(two.blobId)).toMatchObject({ data: [two.bytes.toString('base64')] });
  });

  it('shows former addresses and what was mailed to them', async () => {
    const jane = await newMember(stack);
    const [account] = await stack.platform.database.get(accounts.doc(jane.accountId));
    if (account === undefined) throw new Error('There is no account.');
    const email = `moved+${randomBytes(6).toString('hex')}@example.com`;
    const formerEmails = [{ email: jane.email, until: Date.now() + 1_000 }];
    await stack.platform.database.commit([update(account, { email, formerEmails })]);
    const { mails } = (await exported(jane)).body as Export;
    expect(mails).toMatchObject([{ to: jane.email, template: 'verify-email' }]);
  });
});

const pick = (from: Readonly<Record<string, string>>, fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [field, from[field]]));
