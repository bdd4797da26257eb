import { refer } from '../../../functions/blob/references.ts';
import { limits } from '../../../shared/protocol/limits.ts';
import { groups } from '../../../shared/store/groups.ts';
import { type BlobsOf, blobsOf, everyChunk, sampleBlob, twoParts } from '../../support/blobs.ts';
import { type Member, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let jane: Member;
let bob: Member;
let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

/** As many versions more refer to the blob. */
async function referMore(place: BlobsOf, blobId: string, delta: number) {
  const stored = await place.stored(blobId);
  if (stored === undefined) throw new Error('There is no such blob.');
  await stack.platform.database.commit([refer(stored, delta, stack.platform.clock.now())]);
}

describe('roles', () => {
  it('let a viewer read and not write', async () => {
    const place = await blobsOf(stack, jane);
    const blob = sampleBlob(10);
    await place.upload(blob);
    const link = { groupId: place.groupId, accountId: bob.accountId, encSymmetricKey: wrappedKey(), keyEpoch: 1 };
    await stack.call('link-create', { token: jane.token, body: { ...link, role: 'viewer' } });

    expect((await place.status(blob.blobId, bob)).body).toMatchObject({ state: 'ready', references: 0 });
    expect((await place.download(blob.blobId, {}, bob)).bytes.equals(blob.bytes)).toBe(true);
    const refused = {
      status: 403,
      body: {
        code: 'ROLE_REQUIRED',
        detail: 'This needs the role editor; yours is viewer.',
        required: 'editor',
        role: 'viewer',
      },
    };
    await expect(place.put(sampleBlob(10), 0, { member: bob })).resolves.toMatchObject(refused);
    await expect(place.put(blob, 0, { member: bob })).resolves.toMatchObject(refused);
    await expect(place.remove(blob.blobId, bob)).resolves.toMatchObject(refused);
  });

  it('are none for a stranger, to whom there is no such group', async () => {
    const place = await blobsOf(stack, jane);
    const blob = sampleBlob(10);
    await place.upload(blob);
    const answers = await Promise.all([
      place.put(blob, 0, { member: bob }),
      place.put(sampleBlob(10), 0, { member: bob }),
      place.status(blob.blobId, bob),
      place.download(blob.blobId, {}, bob),
      place.remove(blob.blobId, bob),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        status: 404,
        body: { code: 'GROUP_NOT_FOUND', detail: 'There is no such group, or you are no member of it.' },
      });
    }
    expect((await place.status(blob.blobId)).body).toMatchObject({ state: 'ready' });
  });

  it('count in the group that has the blob: the same bytes in another are another blob', async () => {
    const blob = sampleBlob(10);
    const [janes, bobs] = [await blobsOf(stack, jane), await blobsOf(stack, bob)];
    await janes.upload(blob);
    await expect(bobs.status(blob.blobId)).resolves.toMatchObject({ status: 404, body: { code: 'BLOB_NOT_FOUND' } });
    await bobs.upload(blob);
    await janes.remove(blob.blobId);
    expect((await bobs.download(blob.blobId)).bytes.equals(blob.bytes)).toBe(true);
  });

  it('end with a session', async () => {
    const place = await blobsOf(stack, jane);
    const nobody = { ...jane, token: '0'.repeat(64) };
    await expect(place.put(sampleBlob(10), 0, { member: nobody })).resolves.toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED' },
    });
  });
});

describe('blob-delete', () => {
  it('keeps a blob that versions refer to, and says how many', async () => {
    const place = await blobsOf(stack, jane);
    const blob = sampleBlob(10);
    await place.upload(blob);
    await referMore(place, blob.blobId, 3);
    await referMore(place, blob.blobId, -1);
    expect((await place.stored(blob.blobId))?.data).toMatchObject({ references: 2, idleSince: null });
    await expect(place.remove(blob.blobId)).resolves.toMatchObject({
      status: 409,
      body: { code: 'BLOB_IN_USE', detail: '2 versions of resources refer to it.', references: 2 },
    });
    expect((await place.status(blob.blobId)).body).toMatchObject({ state: 'ready', references: 2 });
    await referMore(place, blob.blobId, -2);
    expect((await place.stored(blob.blobId))?.data).toMatchObject({ references: 0, idleSince: expect.any(Number) });
    await expect(place.remove(blob.blobId)).resolves.toMatchObject({ status: 200, body: { deleted: true } });
  });

  it('takes an upload that is not complete, too', async () => {
    const place = await blobsOf(stack, jane);
    const blob = twoParts();
    const before = (await everyChunk(stack)).length;
    await place.put(blob, 0);
    await expect(place.remove(blob.blobId)).resolves.toMatchObject({ status: 200, body: { deleted: true } });
    await expect(place.status(blob.blobId)).resolves.toMatchObject({ status: 404, body: { code: 'BLOB_NOT_FOUND' } });
    expect(await everyChunk(stack)).toHaveLength(before);
    const [group] = await stack.platform.database.get(groups.doc(place.groupId));
    expect(group?.data.bytes).toBe(0);
  });
});

describe('quotas', () => {
  const part = limits.blobPartBytes;
  const exceeded = (quota: string, limit: number, used: number, needed: number, meaning: string) => ({
    status: 413,
    body: {
      code: 'QUOTA_EXCEEDED',
      detail: `At most ${limit} ${meaning}: there are ${used}, and this needs ${needed} more.`,
      quota,
      limit,
      used,
      needed,
    },
  });

  async function withQuotas(
    settings: { groupQuotaBytes?: number; accountQuotaBytes?: number },
    test: (small: TestStack, owner: Member) => Promise<void>,
  ) {
    const small = await startTestStack({ settings });
    try {
      await test(small, await newMember(small));
    } finally {
      await small.stop();
    }
  }

  it('of a group end at their last byte', async () => {
    await withQuotas({ groupQuotaBytes: 1_000 }, async (small, owner) => {
      const place = await blobsOf(small, owner);
      const meaning = 'bytes in this group';
      await expect(place.upload(sampleBlob(1_001))).resolves.toMatchObject(
        exceeded('groupBytes', 1_000, 0, 1_001, meaning),
      );
      await expect(place.upload(sampleBlob(600))).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
      await expect(place.upload(sampleBlob(401))).resolves.toMatchObject(
        exceeded('groupBytes', 1_000, 600, 401, meaning),
      );
      const last = sampleBlob(400);
      await expect(place.upload(last)).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
      await expect(place.upload(sampleBlob(1))).resolves.toMatchObject(
        exceeded('groupBytes', 1_000, 1_000, 1, meaning),
      );
      await expect(place.upload(last)).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
      await place.remove(last.blobId);
      await expect(place.upload(sampleBlob(400))).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
      expect(await everyChunk(small)).toHaveLength(2);
    });
  });

  it('count what is being uploaded, once, and refuse a part that has no room before it is sent', async () => {
    await withQuotas({ groupQuotaBytes: part + 10 }, async (small, owner) => {
      const place = await blobsOf(small, owner);
      const [one, two] = [sampleBlob(part + 10), sampleBlob(part + 10)];
      await expect(place.put(one, 0)).resolves.toMatchObject({ status: 200, body: { state: 'uploading' } });
      await expect(place.put(one, 0)).resolves.toMatchObject({ status: 200, body: { size: part } });
      await expect(place.put(two, 0)).resolves.toMatchObject(
        exceeded('groupBytes', part + 10, 0, part + part, 'bytes in this group'),
      );
      await expect(place.put(two, 1, { bytes: Buffer.alloc(11) })).resolves.toMatchObject(
        exceeded('groupBytes', part + 10, 0, part + 11, 'bytes in this group'),
      );
      await expect(place.put(one, 1)).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
    });
  });

  it('of an account end at their last byte, over all groups it has made', async () => {
    await withQuotas({ accountQuotaBytes: 1_000 }, async (small, owner) => {
      const [one, two] = [await newGroup(small, owner), await newGroup(small, owner)];
      const [first, second] = [await blobsOf(small, owner, one), await blobsOf(small, owner, two)];
      await first.upload(sampleBlob(600));
      await expect(second.upload(sampleBlob(401))).resolves.toMatchObject(
        exceeded('accountBytes', 1_000, 600, 401, 'bytes in all groups of the account that made this one'),
      );
      await expect(second.upload(sampleBlob(400))).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
    });
  });
});
