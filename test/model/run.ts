import { randomBytes } from 'node:crypto';
import type { Platform } from '../../shared/platform/context.ts';
import type { Log, LogFields } from '../../shared/platform/log.ts';
import type { ChangeResult } from '../../shared/protocol/changes.ts';
import type { Role } from '../../shared/protocol/fields.ts';
import { firestoreDatabase } from '../../shared/store/firestore.ts';
import { createAccounts } from '../support/accounts.ts';
import { clearStore } from '../support/clear-store.ts';
import { Device } from './device.ts';
import { Explorer, type Policy, policies } from './explorer.ts';
import { type RequestCall, replay } from './history.ts';
import { live } from './program.ts';
import { random } from './random.ts';
import { emptyGroup } from './reference.ts';
import { requireAgreement, requireHistories, requireStored, settle } from './settled.ts';
import { Sweeper } from './sweeper.ts';
import { createGroup } from './world.ts';

/** What one run did. */
export interface Report {
  readonly seed: number;
  readonly policy: Policy;
  /** Operations released one after the other or together, and conflicts met: the interleaving. */
  readonly trace: readonly string[];
  readonly races: number;
  readonly calls: number;
  /** Calls by function and how they were answered. */
  readonly answers: ReadonlyMap<string, number>;
}

const stepsEach = 9;

/**
 * One program on four devices of three accounts over two groups, from one seed: runs it, lets everything settle, and
 * holds what happened against the reference model.
 * @throws Error naming the seed, the policy and what was violated
 */
export async function explore(seed: number, shared: Platform, forced?: Policy): Promise<Report> {
  // A database of its own, since the sweep goes through all groups there are.
  const projectId = `demo-${randomBytes(6).toString('hex')}`;
  const database = firestoreDatabase({ ...shared.settings, projectId });
  const platform = { ...shared, database };
  const policy = forced ?? random(seed, 'policy').pick(policies);
  const explorer = new Explorer(policy, random(seed, 'explorer'));
  const errors: LogFields[] = [];
  const log: Log = { write: (severity, _, fields) => void (severity === 'ERROR' && errors.push(fields ?? {})) };
  try {
    const nonce = random(randomBytes(4).readUInt32LE(), 'nonce');
    const [jane, bob, carol] = await createAccounts(platform.database, nonce.hex);
    const accounts = [jane, bob, carol];
    const devices = Object.entries({ 'jane-1': jane, 'jane-2': jane, 'bob-1': bob, 'carol-1': carol }).map(
      ([name, account]) => new Device({ name, account, platform, explorer, random: random(seed, name), log }),
    );
    const place = {
      accounts,
      groupIds: await Promise.all([0, 1].map((index) => createGroup(platform, index, jane, [bob, carol], nonce))),
    };
    const sweeper = new Sweeper(platform, explorer, log);
    const programs = new Map(devices.map((device) => [device.name, () => live(device, place, stepsEach)]));
    if (random(seed, 'sweep').chance(0.5)) programs.set(sweeper.name, () => sweeper.live(8));
    await explorer.run(programs);
    await settle(devices, place, platform.database);

    const members = new Map<string, Role>([
      [jane.accountId, 'admin'],
      [bob.accountId, 'editor'],
      [carol.accountId, 'editor'],
    ]);
    const start = emptyGroup(members);
    const calls = devices.flatMap((device) => device.calls);
    const pulls = devices.flatMap((device) => device.pulls);
    for (const groupId of place.groupIds) {
      const state = replay(groupId, start, { calls, pulls, sweeps: sweeper.calls });
      await requireStored(groupId, state, platform.database);
      await requireHistories(groupId, state, devices);
      await requireAgreement(groupId, state, devices);
    }
    const { trace, races } = explorer;
    return { seed, policy, trace, races, calls: calls.length + pulls.length, answers: tally(calls) };
  } catch (error) {
    const again = `npm run test:model -- --seed ${seed}${forced === undefined ? '' : ` --policy ${forced}`}`;
    const logged = errors.map((fields) => JSON.stringify(fields)).join('\n');
    throw new Error(`${String(error)}\n${logged}\nSeed ${seed}, policy ${policy}: ${again}`, { cause: error });
  } finally {
    await database.close();
    await clearStore(projectId);
  }
}

function tally(calls: readonly RequestCall[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { request, answer } of calls) {
    const { code = 'done', results = [] } = answer.body as { code?: string; results?: ChangeResult[] };
    const kinds = results.map(({ status }) => `${request.name} ${status}`);
    for (const kind of [`${request.name} ${code}`, ...kinds]) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
