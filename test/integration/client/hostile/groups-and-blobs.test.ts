import {
  AnswerContradictory,
  BlobTampered,
  type Group,
  GroupKeyChanged,
  GroupKeyReused,
  GroupNotOpen,
  GroupRefused,
  GroupRolledBack,
  KeyEpochWentBack,
  KeyUnwrapFailed,
  MemoryNotes,
  Nightvault,
} from '../../../../client/index.ts';
import { createAesKey } from '../../../../shared/crypto/aes-key.ts';
import { wrapGroupKey } from '../../../../shared/crypto/group-key.ts';
import { blobStatus } from '../../../../shared/protocol/blobs.ts';
import { syncCheck } from '../../../../shared/protocol/changes.ts';
import { groupList, linkKeys } from '../../../../shared/protocol/group.ts';
import { startHostileStack } from '../../../support/hostile-stack.ts';
import { bob, drafts, enter, jane } from '../../../support/sdk.ts';

const { stack, proxy } = await startHostileStack();
const [, bobs] = await Promise.all([enter(stack, jane), enter(stack, bob)]);
const notes = new MemoryNotes();
const janes = await Nightvault.connect(proxy.url, { notes }).logIn(jane);
const group = await janes.groups.create('Web shop');
const other = await janes.groups.create('Another');
await group.changes.push(drafts(2));

type Row = ReturnType<(typeof groupList.output)['parse']>['groups'][number];
const relist = (change: (row: Row, rows: readonly Row[]) => object) =>
  proxy.lie('group-list', groupList, ({ groups }) => ({
    groups: groups.map((row) => ({ ...row, ...change(row, groups) })),
  }));
const only = (id: string, change: object) => relist((row) => (row.id === id ? change : {}));
const keyOf = (rows: readonly Row[], id: string) => rows.flatMap((row) => (row.id === id ? [row] : []))[0];
const stranger = async () => (await Nightvault.connect(proxy.url).logIn(jane)).groups;

describe('a hostile server that lists groups', () => {
  it('is believed while it is honest', async () => {
    expect((await janes.groups.list()).map(({ id }) => id).sort()).toEqual([group.id, other.id].sort());
    expect(await (await stranger()).list()).toHaveLength(2);
  });

  it('cannot give a key that was wrapped for somebody else, nor hide the other groups with it', async () => {
    const foreign = await wrapGroupKey(await createAesKey(), JSON.parse(bobs.save().account.publicKey));
    only(group.id, { encSymmetricKey: foreign });
    await expect((await stranger()).list()).rejects.toMatchObject({
      constructor: GroupRefused,
      code: 'GROUP_REFUSED',
      groupId: group.id,
      message: `The group ${group.id} was not opened: The group key was wrapped for another account or was changed.`,
      cause: expect.any(KeyUnwrapFailed),
    });
    const told: GroupRefused[] = [];
    const open = await (await stranger()).list({ onRefused: (refused) => void told.push(refused) });
    expect(open.map(({ id }) => id)).toEqual([other.id]);
    expect(told).toMatchObject([{ groupId: group.id, cause: { code: 'KEY_UNWRAP_FAILED' } }]);
  });

  it('cannot swap the keys of two groups, nor put a key of its own in their place', async () => {
    relist((row, rows) => {
      const from = keyOf(rows, row.id === group.id ? other.id : group.id);
      return from !== undefined && 'encSymmetricKey' in from ? { encSymmetricKey: from.encSymmetricKey } : {};
    });
    const changed = {
      constructor: GroupKeyChanged,
      code: 'GROUP_KEY_CHANGED',
      message: `The server gave another key for epoch 1 of the group ${group.id} than before.`,
    };
    await expect(janes.groups.open(group.id)).rejects.toMatchObject(changed);
    const own = await wrapGroupKey(await createAesKey(), JSON.parse(janes.save().account.publicKey));
    only(group.id, { encSymmetricKey: own });
    await expect(janes.groups.open(group.id)).rejects.toMatchObject(changed);
    const later = await Nightvault.connect(proxy.url, { notes: new MemoryNotes(notes.entries()) }).logIn(jane);
    await expect(later.groups.open(group.id)).rejects.toMatchObject(changed);
  });

  it('cannot give one key for two groups or two epochs, whoever asks for the first time', async () => {
    relist((_row, rows) => {
      const from = keyOf(rows, group.id);
      return from !== undefined && 'encSymmetricKey' in from ? { encSymmetricKey: from.encSymmetricKey } : {};
    });
    await expect((await stranger()).list()).rejects.toMatchObject({
      code: 'GROUP_REFUSED',
      cause: expect.objectContaining({ constructor: GroupKeyReused, code: 'GROUP_KEY_REUSED' }),
    });
    only(other.id, { keyEpoch: 2 });
    proxy.lie('link-keys', linkKeys, ({ keys }) => ({ keys: [...keys, { ...keys[0], keyEpoch: 2 }] }));
    await expect((await stranger()).open(other.id)).rejects.toMatchObject({ code: 'GROUP_KEY_REUSED' });
  });

  it('cannot claim a key epoch that has no key', async () => {
    only(other.id, { keyEpoch: 2 });
    await expect((await stranger()).open(other.id)).rejects.toMatchObject({
      constructor: AnswerContradictory,
      message: `The answer of group-list cannot be right: the keys of ${other.id} are not those up to epoch 2.`,
    });
  });

  it('cannot set a key epoch back, by whichever answer', async () => {
    const rotated = await janes.groups.create('Rotated');
    await rotated.rotateKey();
    const wentBack = {
      constructor: KeyEpochWentBack,
      code: 'KEY_EPOCH_WENT_BACK',
      message: `The key of the group ${rotated.id} was at epoch 2, and the server says that it is at 1.`,
    };
    only(rotated.id, { keyEpoch: 1 });
    await expect(rotated.refresh()).rejects.toMatchObject(wentBack);
    expect(rotated.keyEpoch).toBe(2);
    proxy.lie('sync-check', syncCheck, ({ groups, missing }) => ({
      groups: groups.map((each) => ({ ...each, keyEpoch: 1 })),
      missing,
    }));
    await expect(janes.groups.check([{ group: rotated }])).rejects.toMatchObject(wentBack);
  });

  it('cannot set a revision back, by whichever answer', async () => {
    const rolledBack = {
      constructor: GroupRolledBack,
      code: 'GROUP_ROLLED_BACK',
      message: `The group ${group.id} was at revision 2, and the server says that it is at 1.`,
    };
    only(group.id, { revision: 1 });
    await expect(janes.groups.open(group.id)).rejects.toMatchObject(rolledBack);
    proxy.lie('sync-check', syncCheck, ({ groups, missing }) => ({
      groups: groups.map((each) => ({ ...each, revision: 1, changed: false })),
      missing,
    }));
    await expect(janes.groups.check([{ group }])).rejects.toMatchObject(rolledBack);
  });

  it('cannot answer a check with other groups, or with fewer', async () => {
    const exactly = {
      code: 'ANSWER_CONTRADICTORY',
      message: 'The answer of sync-check cannot be right: it does not speak of exactly the groups asked for.',
    };
    proxy.lie('sync-check', syncCheck, ({ missing }) => ({ groups: [], missing }));
    await expect(janes.groups.check([{ group }])).rejects.toMatchObject(exactly);
    proxy.lie('sync-check', syncCheck, ({ groups, missing }) => ({ groups: [...groups, ...groups], missing }));
    await expect(janes.groups.check([{ group }])).rejects.toMatchObject(exactly);
  });

  it('can leave a group out, and then says so', async () => {
    proxy.lie('group-list', groupList, () => ({ groups: [] }));
    await expect(janes.groups.open(group.id)).rejects.toMatchObject({
      constructor: GroupNotOpen,
      code: 'GROUP_NOT_OPEN',
      message: `This account has no group ${group.id}.`,
    });
  });
});

describe('a hostile server that keeps blobs', () => {
  const content = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251);
  const read = async (reference: Parameters<Group['blobs']['download']>[0]) =>
    new Response(await group.blobs.download(reference)).arrayBuffer();
  const tampered = {
    constructor: BlobTampered,
    code: 'BLOB_TAMPERED',
    message: 'The blob was changed, cut off, or is another one than the content refers to.',
  };

  it.each([
    ['a changed byte', (bytes: Uint8Array) => bytes.map((byte, at) => (at === 299_999 ? byte ^ 1 : byte))],
    [
      'chunks in another order',
      (bytes: Uint8Array) => Buffer.concat([bytes.subarray(245_760), bytes.subarray(0, 245_760)]),
    ],
    ['an end that is missing', (bytes: Uint8Array) => bytes.subarray(0, bytes.length > 245_760 ? 245_760 : 0)],
    ['bytes that follow', (bytes: Uint8Array) => Buffer.concat([bytes, bytes])],
  ])('cannot hand out %s', async (_name, spoil) => {
    const uploaded = await uploadPast(content);
    expect(new Uint8Array(await read(uploaded))).toHaveLength(content.length);
    proxy.spoil('blob-download', spoil);
    await expect(read(uploaded)).rejects.toMatchObject(tampered);
  });

  it('cannot hand out another blob of the same group', async () => {
    const [one, two] = [await uploadPast(content), await uploadPast(content.toReversed())];
    const response = await stack.call('blob-download', {
      query: { groupId: group.id, blobId: two.blobId },
      token: janes.save().token,
    });
    expect(response.status).toBe(200);
    await expect(read({ ...one, blobId: two.blobId })).rejects.toMatchObject(tampered);
  });

  it('cannot speak of another blob', async () => {
    proxy.lie('blob-status', blobStatus, (truth) => ({ ...truth, blobId: '0'.repeat(64) }));
    const known = content.subarray(0, 1000);
    await uploadPast(known);
    await expect(group.blobs.upload(known)).rejects.toMatchObject({
      constructor: AnswerContradictory,
      message: 'The answer of blob-status cannot be right: it speaks of another blob.',
    });
  });

  /** Straight to the server: the proxy reads JSON only. */
  async function uploadPast(bytes: Uint8Array<ArrayBuffer>) {
    const direct = await Nightvault.connect(stack.url).logIn(jane);
    return (await direct.groups.open(group.id)).blobs.upload(bytes);
  }
});
