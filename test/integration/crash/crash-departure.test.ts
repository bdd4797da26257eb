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

let stack: TestStack;
let bob: Member;
/** An hour later in each trial, so that no rate rule remembers the one before. */
let hours = 0;
beforeAll(async () => {
  stack = await startTestStack({ clock: { now: () => Date.now() + hours * 3_600_000 } });
  bob = await newMember(stack, 'bob');
});
afterAll(() => stack.stop());

class Died extends Error {}

/** An instance that dies at this moment: nothing it does after that has any effect. */
function mortal(isLast: (moment: Moment) => boolean): { platform: Platform; died: () => boolean } {
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

async function mailedCode({ email }: Member): Promise<string> {
  await stack.call('account-delete-code-send', { body: { email } });
  for (;;) {
    const mail = stack.mailbox.mails().find(({ to, subject }) => to === email && subject.includes('delete'));
    if (mail !== undefined) return codeIn(mail);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Jane, with a group of her own and one that Bob goes on with; and how she is deleted. */
async function departing() {
  hours += 1;
  const jane = await newMember(stack);
  const [alone, shared] = [await newGroup(stack, jane), await newGroup(stack, jane)];
  await shareWith(stack, jane, shared, bob, 'admin');
  for (const groupId of [alone, shared]) {
    const version = await write(stack, jane, groupId, change('req_1'));
    await write(stack, jane, groupId, change('req_1', { baseVersion: version }));
  }
  await (await blobsOf(stack, jane, alone)).upload(sampleBlob(1_000));
  const body = { proof: { code: await mailedCode(jane) }, groups: [{ groupId: alone, action: 'delete' }] };
  const request = () => jsonRequest(body, { 'idempotency-key': jane.accountId });
  return { jane, alone, shared, call: (platform: Platform) => callInProcess('account-delete', request(), platform) };
}

const isAlive = async ({ accountId }: Member) =>
  (await stack.platform.database.get(accounts.doc(accountId)))[0] !== undefined;

/** What the sweep leaves, once the mail is sent: nothing but an author's id. */
async function expectErased({ jane, alone, shared }: Awaited<ReturnType<typeof departing>>) {
  const [departure] = await stack.platform.database.get(departures.doc(jane.accountId));
  if (departure !== undefined) await serve(emailDeliver, pushOf({ messageId: departure.data.mailId }), stack.platform);
  await sweepDepartures(stack.platform, 20);
  await sweepDepartures(stack.platform, 40);
  const documents = await wholeStore(stack);
  expect(naming(documents, [jane.email, alone])).toEqual([]);
  const living = new RegExp(`^groups/${shared}(/resources/|$)`);
  expect(naming(documents, [jane.accountId]).filter((path) => !living.test(path))).toEqual([]);
}

describe('the deletion of an account', () => {
  it('is done or not, wherever its process dies; a retry completes it, and the sweep erases the rest', async () => {
    const clean = await departing();
    const all: Moment[] = [];
    const { platform: watching } = mortal((moment) => {
      // After a read nothing is other than before what follows it.
      if (moment.when === 'before' || moment.writes) all.push(moment);
      return false;
    });
    await clean.call(watching);
    // The first that writes counts the call.
    const [, commit = 0] = [...new Set(all.filter(({ writes }) => writes).map(({ operation }) => operation))];
    const moments = all.filter(({ operation, writes }) => operation <= commit + 6 || (writes && operation % 5 === 0));
    expect(moments.length).toBeGreaterThan(20);
    const ends = { alive: 0, dead: 0 };
    for (const { operation, when } of moments) {
      const trial = await departing();
      const { platform, died } = mortal((moment) => moment.operation === operation && moment.when === when);
      await trial.call(platform);
      expect({ operation, when, died: died() }).toEqual({ operation, when, died: true });
      const alive = await isAlive(trial.jane);
      ends[alive ? 'alive' : 'dead'] += 1;
      const session = await stack.call('session-whoami', { token: trial.jane.token });
      expect({ operation, when, status: session.status }).toEqual({ operation, when, status: alive ? 200 : 401 });
      const retried = await trial.call(stack.platform);
      expect({ operation, when, status: retried.status, replayed: retried.replayed }).toEqual({
        operation,
        when,
        status: 200,
        replayed: !alive,
      });
      expect(retried.body).toEqual({ deleted: true, groupsDeleted: 1, groupsTransferred: 0, groupsLeft: 1 });
      await expectErased(trial);
    }
    expect(ends.alive).toBeGreaterThan(0);
    expect(ends.dead).toBeGreaterThan(0);
  }, 180_000);

  it('is finished by sweeps of which each dies a little later than the one before', async () => {
    const trial = await departing();
    const { platform } = mortal(({ operation }) => operation === 17);
    await trial.call(platform);
    for (let last = 1, over = false; !over; last += 3) {
      const { platform: sweeping, died } = mortal(({ operation }) => operation === last);
      const clock = { now: () => stack.platform.clock.now() + 20 * 60_000 };
      await callInProcess('maintenance-departures', jsonRequest({}), { ...sweeping, clock });
      over = !died();
    }
    await expectErased(trial);
  }, 120_000);
});
