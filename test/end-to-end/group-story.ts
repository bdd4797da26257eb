import { type OpenResource, openResource, push, sealResource } from '../../client/changes.ts';
import { createGroup, findRecipient, type Group, listGroups, share } from '../../client/group.ts';
import { history, restore } from '../../client/history.ts';
import type { Session } from '../../client/log-in.ts';
import { encodeHex } from '../../shared/crypto/hex.ts';
import { blobDelete, blobStatus, blobUpload } from '../../shared/protocol/blobs.ts';
import { syncCheck } from '../../shared/protocol/changes.ts';
import { groupDelete, groupLeave, groupRestore, groupUpdate, linkUpdate } from '../../shared/protocol/group.ts';
import { limits } from '../../shared/protocol/limits.ts';

/** Removes a resource and has it back out of the history; hands back what then stands. */
export async function removeAndRestore(session: Session, group: Group, open: OpenResource): Promise<OpenResource> {
  const removal = await sealResource(group, { ...open, baseVersion: open.version, content: '{}', removed: true });
  const [removed] = await push(session, group, [removal]);
  expect(removed).toMatchObject({ status: 'removed' });
  for await (const version of history(session, group, open.id)) {
    if (version.version !== open.version) continue;
    expect((await openResource(group, version)).content).toBe(open.content);
    const restored = await restore(session, group, version, removed?.version ?? '');
    expect(restored).toMatchObject({ id: open.id, status: 'updated' });
    return { ...open, version: restored.version ?? '' };
  }
  throw new Error('The history does not hold the version that was removed.');
}

/** A blob of two parts comes in the wrong order, is there, and is deleted. */
async function playBlob({ connection }: Session, { id: groupId }: Group): Promise<void> {
  const bytes = crypto.getRandomValues(new Uint8Array(1_000));
  const whole = new Uint8Array(limits.blobPartBytes + bytes.length).fill(7);
  whole.set(bytes, limits.blobPartBytes);
  const blobId = encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', whole)));
  const send = (part: number, body: Uint8Array<ArrayBuffer>) =>
    connection.upload('blob-upload', blobUpload, { groupId, blobId, part: `${part}`, parts: '2' }, body);
  expect(await send(1, bytes)).toMatchObject({ state: 'uploading', missing: [0] });
  expect(await send(0, whole.slice(0, limits.blobPartBytes))).toMatchObject({ state: 'ready', size: whole.length });
  const status = await connection.get('blob-status', blobStatus, { groupId, blobId });
  expect(status).toMatchObject({ state: 'ready', references: 0 });
  await connection.post('blob-delete', blobDelete, { groupId, blobId });
}

/** The rest of a group's life: renamed, deleted, restored, left by one of two. Hands the group back, key and all. */
export async function playGroupLife(jane: Session, bob: Session, name: string): Promise<Group> {
  const group = await createGroup(jane, name);
  const { id: groupId } = group;
  await share(jane, group, await findRecipient(jane, bob.account.email), 'viewer');
  const { accountId } = bob.account;
  await jane.connection.post('link-update', linkUpdate, { groupId, accountId, role: 'editor' });
  expect((await listGroups(bob)).find(({ id }) => id === groupId)?.role).toBe('editor');

  await playBlob(bob, group);
  await jane.connection.post('group-update', groupUpdate, { groupId, name });
  await jane.connection.post('group-delete', groupDelete, { groupId });
  expect((await listGroups(bob)).map(({ id }) => id)).not.toContain(groupId);
  await jane.connection.post('group-restore', groupRestore, { groupId });
  const asked = { groups: [{ groupId }] };
  expect((await bob.connection.post('sync-check', syncCheck, asked)).groups).toMatchObject([{ changed: false }]);
  await bob.connection.post('group-leave', groupLeave, { groupId });
  expect((await bob.connection.post('sync-check', syncCheck, asked)).missing).toEqual([groupId]);
  return group;
}
