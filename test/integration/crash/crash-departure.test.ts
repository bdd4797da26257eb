import { emailDeliver } from '../../../functions/email/email-deliver.ts';
import type { Platform } from '../../../shared/platform/context.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { accounts } from '../../../shared/store/accounts.ts';
import { departures } from '../../../shared/store/departures.ts';
import { blobsOf, sampleBlob } from '../../support/blobs.ts';
import { callInProcess, jsonRequest } from '../../support/in-process.ts';
import { naming, sweepDepartures } from '../../support/leaving.ts';
import { codeIn, pushOf } from '../../support/mail.ts';
import { type Moment, watched } from '../../support/mortal-instance.ts';
import { type Member, newGroup, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, shareWith, write } from '../../support/sync.ts';
import { wholeStore } from '../../support/whole-store.ts';

/** A store of its own, so that worlds can be tried in side by side; Bob, who goes on with what is shared. */
interface World {
  readonly stack: TestStack;
  readonly bob: Member;
  /** No rate rule remembers what was an hour ago. */
  anHourLater(): void;
}

const lanes = 4;
let world: World;
let worlds: readonly World[];
beforeAll(async () => {
  world = await newWorld();
  worlds = [world, ...(await Promise.all(Array.from({ length: lanes - 1 }, newWorld)))];
});
afterAll(() => Promise.all(worlds.map(({ stack }) => stack.stop())));

async function newWorld(): Promise<World> {
  let hours = 0;
  const stack = await startTestStack({ clock: { now: () => Date.now() + hours * 3_600_000 } });
  const anHourLater = () => {
    hours += 1;
  };
  return { stack, bob: await newMember(stack, 'bob'), anHourLater };
}

class Died extends Error {}

/** An instance that dies at this moment: nothing it does after that has any effect. */
function mortal({ stack }: World, isLast: (moment: Moment) => boolean): { platform: Platform; died: () => boolean } {
  let dead = false;
  const database = watched(stack.platform.database, async (moment) => {
    dead ||= isLast(moment);
    if (dead) throw new Died();
  });
  const publisher = {
    ...stack.platform.publisher,
    publish: async () => {
      if (dead) throw new Died();
    },
  };
  return { platform: { ...stack.platform, database, publisher }, died: () => dead };
}

async function mailedCode({ stack }: World, { email }: Member): Promise<string> {
  await stack.call('account-delete-code-send', { body: { email } });
  for (;;) {
    const mail = stack.mailbox.mails().find(({ to, subject }) => to === email && subject.includes('delete'));
    if (mail !== undefined) return codeIn(mail);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Jane, with a group of her own and one that Bob goes on with; and how she is deleted. */
async function departing(world: World) {
  const { stack, bob } = world;
  world.anHourLater();
  const jane = await newMember(stack);
  const [alone, shared] = [await newGroup(stack, jane), await newGroup(stack, jane)];
  await shareWith(stack, jane, shared, bob, 'admin');
  for (const groupId of [alone, shared]) {
    const version = await write(stack, jane, groupId, change('req_1'));
    await write(stack, jane, groupId, change('req_1', { baseVersion: version }));
  }
  await (await blobsOf(stack, jane, alone)).upload(sampleBlob(1_000));
  const body = { proof: { code: await mailedCode(world, jane) }, groups: [{ groupId: alone, action: 'delete' }] };
  const request = () => jsonRequest(body, { 'idempotency-key': jane.accountId });
  return {
    world,
    jane,
    alone,
    shared,
    call: (platform: Platform) => callInProcess('account-delete', request(), platform),
  };
}

type Departing = Awaited<ReturnType<typeof departing>>;

const isAlive = async ({ world: { stack }, jane: { accountId } }: Departing) =>
  (await stack.platform.database.get(accounts.doc(accountId)))[0] !== undefined;

/** What the sweep leaves, once the mail is sent: nothing but an author's id. */
async function expectErased({ world: { stack }, jane, alone, shared }: Departing) {
  const [departure] = await stack.platform.database.get(departures.doc(jane.accountId));
  if (departure !== undefined) await serve(emailDeliver, pushOf({ messageId: departure.data.mailId }), stack.platform);
  await sweepDepartures(stack.platform, 20);
  await sweepDepartures(stack.platform, 40);
  const documents = await wholeStore(stack);
  expect(naming(documents, [jane.email, alone])).toEqual([]);
  const living = new RegExp(`^groups/${shared}(/resources/|$)`);
  expect(naming(documents, [jane.accountId]).filter((path) => !living.test(path))).toEqual([]);
}

/** Dies at this moment of its deletion, and is retried. @returns whether the account was alive in between */
async function dieAndRetry(world: World, { operation, when }: Moment): Promise<boolean> {
  const { stack } = world;
  const trial = await departing(world);
  const { platform, died } = mortal(world, (moment) => moment.operation === operation && moment.when === when);
  await trial.call(platform);
  expect({ operation, when, died: died() }).toEqual({ operation, when, died: true });
  const alive = await isAlive(trial);
  const session = await stack.call('session-whoami', { token: trial.jane.token });
  expect({ operation, when, status: session.status }).toEqual({ operation, when, status: alive ? 200 : 401 });
  const { status, replayed, body } = await trial.call(stack.platform);
  expect({ operation, when, status, replayed }).toEqual({ operation, when, status: 200, replayed: !alive });
  expect(body).toEqual({ deleted: true, groupsDeleted: 1, groupsTransferred: 0, groupsLeft: 1 });
  await expectErased(trial);
  return alive;
}

describe('the deletion of an account', () => {
  it('is done or not, wherever its process dies; a retry completes it, and the sweep erases the rest', async () => {
    const clean = await departing(world);
    const all: Moment[] = [];
    const { platform: watching } = mortal(world, (moment) => {
      // After a read nothing is other than before what follows it.
      if (moment.when === 'before' || moment.writes) all.push(moment);
      return false;
    });
    await clean.call(watching);
    // The first that writes counts the call.
    const [, commit = 0] = [...new Set(all.filter(({ writes }) => writes).map(({ operation }) => operation))];
    const moments = all.filter(({ operation, writes }) => operation <= commit + 6 || (writes && operation % 5 === 0));
    expect(moments.length).toBeGreaterThan(20);
    const alive: boolean[] = [];
    const lane = async (its: World, index: number) => {
      for (const moment of moments.filter((_, each) => each % lanes === index)) {
        alive.push(await dieAndRetry(its, moment));
      }
    };
    await Promise.all(worlds.map(lane));
    expect(alive).toHaveLength(moments.length);
    expect(alive).toContain(true);
    expect(alive).toContain(false);
  }, 180_000);

  it('is finished by sweeps of which each dies a little later than the one before', async () => {
    const { stack } = world;
    const trial = await departing(world);
    const { platform } = mortal(world, ({ operation }) => operation === 17);
    await trial.call(platform);
    for (let last = 1, over = false; !over; last += 3) {
      const { platform: sweeping, died } = mortal(world, ({ operation }) => operation === last);
      const clock = { now: () => stack.platform.clock.now() + 20 * 60_000 };
      await callInProcess('maintenance-departures', jsonRequest({}), { ...sweeping, clock });
      over = !died();
    }
    await expectErased(trial);
  }, 120_000);
});
