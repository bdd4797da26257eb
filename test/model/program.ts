import type { Change } from '../../shared/protocol/changes.ts';
import type { Role } from '../../shared/protocol/fields.ts';
import type { Account } from '../support/accounts.ts';
import type { Device, Replica } from './device.ts';
import type { Random } from './random.ts';
import type { Request } from './reference.ts';

/** What everybody knows from the beginning. */
export interface Place {
  readonly groupIds: readonly string[];
  readonly accounts: readonly Account[];
}

/** Few ids, so that devices meet on them. */
const resourceIds = ['req_1', 'req_2', 'req_3', 'req_4', 'req_5', 'req_6'];
const contents = ['{"d":"00"}', '{"d":"01"}'];

type Step = (device: Device, groupId: string, place: Place) => Promise<void>;

/** Steps, and how often each is taken. */
const steps: readonly { readonly weight: number; readonly take: Step }[] = [
  { weight: 40, take: push },
  { weight: 28, take: pull },
  { weight: 8, take: restore },
  { weight: 8, take: share },
  { weight: 5, take: revoke },
  { weight: 5, take: rotate },
  { weight: 3, take: leave },
  { weight: 4, take: changeRole },
  { weight: 2, take: rename },
  { weight: 1, take: deleteGroup },
];

/** A device's life: so many steps, chosen and filled in by its own random numbers. */
export async function live(device: Device, place: Place, count: number): Promise<void> {
  const { random } = device;
  const total = steps.reduce((sum, { weight }) => sum + weight, 0);
  for (let step = 0; step < count; step += 1) {
    const groupId = random.pick(place.groupIds);
    let left = random.next() * total;
    const chosen = steps.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    await (chosen?.take ?? pull)(device, groupId, place);
    const { rotationRequired, deleted } = device.replica(groupId);
    if (deleted && random.chance(0.6)) await send(device, { name: 'group-restore', input: { groupId } });
    if (rotationRequired && random.chance(0.6)) await rotate(device, groupId);
  }
}

async function push(device: Device, groupId: string): Promise<void> {
  const { random } = device;
  const replica = device.replica(groupId);
  const ids = shuffled(resourceIds, random).slice(0, 1 + random.below(4));
  const changes = ids.map((id) => change(id, replica, random));
  const { keyEpoch } = replica;
  await send(device, { name: 'changes-push', input: { groupId, keyEpoch, changes, atomic: random.chance(0.25) } });
}

function change(id: string, replica: Replica, random: Random): Change {
  const row = replica.rows.get(id);
  const removed = random.chance(0.3);
  const name = random.chance(0.7) ? (row?.name ?? 'n') : random.hex(2);
  const content = { id, type: 'Request', name, removed, blobIds: [], lastEdited: random.below(1_000_000) };
  const encContent = random.chance(0.4) ? random.pick(contents) : `{"d":"${random.hex(4)}"}`;
  return { ...content, baseVersion: base(id, replica, random), encContent };
}

/** Mostly the version it holds; else none, one it held before, or one of another resource. */
function base(id: string, replica: Replica, random: Random): string | null {
  const held = replica.rows.get(id)?.version ?? null;
  if (random.chance(0.75)) return held;
  const stale = [...replica.known].filter(([, of]) => of === id || random.chance(0.1)).map(([version]) => version);
  return random.pick([null, held, ...stale]);
}

/** Pages until there is no more; or it stops half-way, or an answer gets lost. */
async function pull(device: Device, groupId: string): Promise<void> {
  const { random } = device;
  for (;;) {
    const more = await device.pullPage(groupId, 1 + random.below(4), random.chance(0.1));
    if (!more || random.chance(0.3)) return;
  }
}

async function share(device: Device, groupId: string, { accounts }: Place): Promise<void> {
  const { random } = device;
  const { accountId } = random.pick(accounts);
  const { keyEpoch } = device.replica(groupId);
  const role: Role = random.pick(['admin', 'editor', 'editor', 'viewer']);
  const input = { groupId, accountId, role, keyEpoch, encSymmetricKey: wrapped(random) };
  await send(device, { name: 'link-create', input });
}

async function revoke(device: Device, groupId: string, { accounts }: Place): Promise<void> {
  const { accountId } = device.random.pick(accounts);
  await send(device, { name: 'link-revoke', input: { groupId, accountId } });
}

async function changeRole(device: Device, groupId: string, { accounts }: Place): Promise<void> {
  const { random } = device;
  const { accountId } = random.pick(accounts);
  const role: Role = random.pick(['admin', 'editor', 'viewer']);
  await send(device, { name: 'link-update', input: { groupId, accountId, role } });
}

async function rename(device: Device, groupId: string): Promise<void> {
  await send(device, { name: 'group-update', input: { groupId, name: device.random.hex(2) } });
}

async function deleteGroup(device: Device, groupId: string): Promise<void> {
  await send(device, { name: 'group-delete', input: { groupId } });
}

async function leave(device: Device, groupId: string): Promise<void> {
  await send(device, { name: 'group-leave', input: { groupId } });
}

/** Asks who the members are, then wraps a new key for them; sometimes for one too few. */
async function rotate(device: Device, groupId: string): Promise<void> {
  const { random } = device;
  const { status, body } = await device.look('link-list', { groupId });
  if (status !== 200) return;
  const { links } = body as { links: readonly { accountId: string }[] };
  const named = links.length > 1 && random.chance(0.1) ? links.slice(1) : links;
  const rewrapped = named.map(({ accountId }) => ({ accountId, encSymmetricKey: wrapped(random) }));
  const baseKeyEpoch = device.replica(groupId).keyEpoch;
  await send(device, { name: 'group-rotate-key', input: { groupId, baseKeyEpoch, links: rewrapped } });
}

async function restore(device: Device, groupId: string): Promise<void> {
  const { random } = device;
  const replica = device.replica(groupId);
  const known = [...replica.known];
  if (known.length === 0) return;
  const [version, of] = random.pick(known);
  const id = random.chance(0.9) ? of : random.pick(resourceIds);
  const baseVersion = base(id, replica, random) ?? version;
  const { keyEpoch } = replica;
  const lastEdited = random.below(1_000_000);
  await send(device, { name: 'resource-restore', input: { groupId, keyEpoch, id, version, baseVersion, lastEdited } });
}

/** With or without an Idempotency-Key; with one, sometimes again, as after an answer that got lost. */
async function send(device: Device, request: Request): Promise<void> {
  const { random } = device;
  if (random.chance(0.5)) {
    await device.ask(request);
    return;
  }
  const key = random.hex(12);
  const first = await device.ask(request, key);
  while (first.status < 300 && random.chance(0.4)) await device.askAgain(request, key, first);
}

/** A group key, wrapped: nobody opens it. */
export const wrapped = (random: Random) => random.hex(256);

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
