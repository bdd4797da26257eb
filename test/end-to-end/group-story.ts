import { type OpenResource, openResource, push, sealResource } from '../../client/changes.ts';
import { createGroup, findRecipient, type Group, listGroups, share } from '../../client/group.ts';
import { history, restore } from '../../client/history.ts';
import type { Session } from '../../client/log-in.ts';
import { syncCheck } from '../../shared/protocol/changes.ts';
import { groupDelete, groupLeave, groupRestore, groupUpdate, linkUpdate } from '../../shared/protocol/group.ts';

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

/** The rest of a group's life: renamed, deleted, restored, left by one of two. Hands the group back, key and all. */
export async function playGroupLife(jane: Session, bob: Session, name: string): Promise<Group> {
  const group = await createGroup(jane, name);
  const { id: groupId } = group;
  await share(jane, group, await findRecipient(jane, bob.account.email), 'viewer');
  const { accountId } = bob.account;
  await jane.connection.post('link-update', linkUpdate, { groupId, accountId, role: 'editor' });
  expect((await listGroups(bob)).find(({ id }) => id === groupId)?.role).toBe('editor');

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
