import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../../shared/protocol/changes.ts';
import type { Database } from '../../shared/store/database.ts';
import { groups, links } from '../../shared/store/groups.ts';
import { resources } from '../../shared/store/resources.ts';
import type { Device } from './device.ts';
import { matches, Violation } from './history.ts';
import { type Place, wrapped } from './program.ts';
import type { State } from './reference.ts';

/** An admin rotates the key if it must be and lets everybody in again; then everybody pulls to the end. */
export async function settle(devices: readonly Device[], { groupIds, accounts }: Place, database: Database) {
  for (const groupId of groupIds) {
    const members = await database.list({ collection: links(groupId), where: [] });
    const admin = members.find(({ data }) => data.role === 'admin');
    const device = devices.find(({ account }) => account.accountId === admin?.id);
    if (device === undefined) throw new Violation('The group has lost its last admin', members);
    const { random } = device;
    const [group] = await database.get(groups.doc(groupId));
    let keyEpoch = group?.data.keyEpoch ?? 0;
    if (group?.data.deletedAt) await device.ask({ name: 'group-restore', input: { groupId } });
    if (group?.data.rotationRequired) {
      const keys = members.map(({ id: accountId }) => ({ accountId, encSymmetricKey: wrapped(random) }));
      await device.ask({ name: 'group-rotate-key', input: { groupId, baseKeyEpoch: keyEpoch, links: keys } });
      keyEpoch += 1;
    }
    for (const { accountId } of accounts) {
      if (members.some(({ id }) => id === accountId)) continue;
      const input = { groupId, accountId, role: 'viewer', keyEpoch, encSymmetricKey: wrapped(random) } as const;
      await device.ask({ name: 'link-create', input });
    }
    for (const each of devices) {
      for (let more: boolean | undefined = true; more === true; ) more = await each.pullPage(groupId, 3);
    }
  }
}

/** What stands in the store is what the reference model holds, and revisions are given out once and without gaps. */
export async function requireStored(groupId: string, state: State, database: Database): Promise<void> {
  const [group] = await database.get(groups.doc(groupId));
  const { revision, purgedRevision, keyEpoch, rotationRequired } = state;
  if (!matches(group?.data, { revision, purgedRevision, keyEpoch, rotationRequired, members: state.members.size }))
    throw new Violation('The group is not what its history makes of it', group?.data, state);
  const members = await database.list({ collection: links(groupId), where: [] });
  const roles = members.map(({ id, data }) => [id, data.role, data.keyEpoch]).toSorted();
  const expected = [...state.members].map(([id, role]) => [id, role, keyEpoch]).toSorted();
  if (!isDeepStrictEqual(roles, expected)) throw new Violation('The links are not', roles, expected);
  const stored = await database.list({ collection: resources(groupId), where: [], orderBy: 'revision' });
  const rows = [...state.rows.values()].toSorted((one, other) => one.revision - other.revision);
  const found = stored.map(({ id, data }) => ({ ...data, id }));
  if (!matches(found, rows)) throw new Violation('The resources are not', found, rows);
  if (state.history.size + state.swept !== revision) throw new Violation('Revisions are not dense', state);
}

/** Every version that was ever written stands in the histories, but what the sweep took: each revision once. */
export async function requireHistories(groupId: string, state: State, [device]: readonly Device[]): Promise<void> {
  if (device === undefined) return;
  const told: unknown[] = [];
  for (const id of state.rows.keys()) {
    const { status, body, text } = await device.look('resource-history', { groupId, id, limit: '100' });
    if (status !== 200) throw new Violation(`The history of ${id} cannot be had`, text);
    const { versions } = body as { versions: readonly { revision: number }[] };
    told.push(...versions.toSorted((one, other) => one.revision - other.revision));
  }
  const of = [...state.rows.keys()];
  const kept = [...state.history.values()]
    .toSorted((one, other) => of.indexOf(one.id) - of.indexOf(other.id) || one.revision - other.revision)
    .map((row) => ({ ...row, current: state.rows.get(row.id)?.version === row.version }));
  if (!matches(told, kept)) throw new Violation('The histories are not what was written', told, kept);
}

/** Every replica, built of deltas and acknowledged writes, is what a pull from the start gives. */
export async function requireAgreement(groupId: string, state: State, devices: readonly Device[]): Promise<void> {
  const rows = [...state.rows.values()];
  for (const device of devices) {
    const known = [...device.replica(groupId).rows.values()];
    // A removal that is no longer told is as good as none.
    const held = sorted(known.filter(({ id, removed }) => !removed || state.rows.has(id))).map(unnumbered);
    const pulled = sorted(await device.pullFromStart(groupId));
    const whole = pulled.map(unnumbered);
    if (!isDeepStrictEqual(held, whole)) {
      const only = (one: readonly Resource[], other: readonly Resource[]) =>
        one.filter((row) => !other.some((each) => isDeepStrictEqual(each, row)));
      throw new Violation(`The replica of ${device.name} differs`, only(held, whole), only(whole, held));
    }
    if (!isDeepStrictEqual(pulled, sorted(rows))) throw new Violation('A pull from the start differs', pulled, rows);
  }
}

/** What a device has of its own push, or of a conflict, it knows without the revision. */
const unnumbered = ({ revision: _, ...row }: Resource & { readonly revision?: number }): Resource => row;

const sorted = (rows: readonly Resource[]) => rows.toSorted((one, other) => (one.id < other.id ? -1 : 1));
