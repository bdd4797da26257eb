import { randomUUID } from 'node:crypto';
import { sha256Hex } from '../../../shared/platform/hash.ts';
import { analyticsPreferences } from '../../../shared/store/analytics.ts';
import {
  countedEvents,
  droppedEvents,
  hashed,
  listenToTopic,
  sendBatch,
  storedEvents,
  trackEvent,
  waitForEvents,
} from '../../support/analytics.ts';
import { callInProcess } from '../../support/in-process.ts';
import { deleteAccount, proofOf } from '../../support/leaving.ts';
import { pushOf } from '../../support/mail.ts';
import { type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { later } from '../../support/sync.ts';
import { wholeStore } from '../../support/whole-store.ts';

let stack: TestStack;
let jane: Member;
beforeEach(async () => {
  stack = await startTestStack();
  jane = await newMember(stack);
});
afterEach(() => stack.stop());

const ofAccount = (body?: object, headers: Record<string, string> = {}) =>
  stack.call('analytics-preference', { token: jane.token, headers, ...(body && { method: 'PUT', body }) });
const ofDevice = (anonymousId: string, body?: object) =>
  stack.call('analytics-preference/device', {
    ...(body ? { method: 'PUT', body: { anonymousId, ...body } } : { headers: { 'anonymous-id': anonymousId } }),
  });
const by = (userId: string, more: object = {}) => trackEvent({ userId, anonymousId: undefined, ...more });
const days = (minutes: number) => minutes / 1440;

/** Nobody else may have what a scan of the whole store looks for. */
async function places(...marks: string[]): Promise<string[]> {
  const found = (await wholeStore(stack)).filter(({ text }) => marks.some((mark) => text.includes(mark)));
  return found.map(({ path }) => path.split('/')[0] ?? '');
}

describe('an account', () => {
  it('is off until it says otherwise, and then what it says', async () => {
    expect(await ofAccount()).toMatchObject({ status: 200, body: { analytics: 'off', chosen: null, erasing: false } });
    await sendBatch(stack, [by(jane.accountId)]);
    expect(await droppedEvents(stack)).toEqual({ optedOut: 1 });

    const on = await ofAccount({ analytics: 'on' });
    expect(on).toMatchObject({ status: 200, body: { analytics: 'on', chosen: expect.any(Number), erasing: false } });
    expect((await ofAccount()).body).toEqual(on.body);
    // The id as it is, or hashed: the same account.
    await sendBatch(stack, [by(jane.accountId), by(sha256Hex(jane.accountId)), by(`acct_${'0'.repeat(32)}`)]);
    const stored = await waitForEvents(stack, 2);
    const id = await hashed(stack).userId(jane.accountId);
    expect(stored.map(({ userId }) => userId)).toEqual([id, id]);
    expect(await droppedEvents(stack)).toEqual({ optedOut: 2 });
    expect(await places(jane.accountId, sha256Hex(jane.accountId))).not.toContain('analyticsEvents');
  });

  it('is on by default where the operator says so, and off when it says no', async () => {
    const open = await startTestStack({ settings: { analyticsDefault: 'on' } });
    try {
      await sendBatch(open, [by('somebody')]);
      await waitForEvents(open, 1);
    } finally {
      await open.stop();
    }
  });

  it('that opted out leaves no trace, in the whole store', async () => {
    await ofAccount({ analytics: 'off' });
    const device = randomUUID();
    const events = [
      by(jane.accountId, { anonymousId: device }),
      by(sha256Hex(jane.accountId), { anonymousId: device }),
    ];
    expect(await sendBatch(stack, events)).toMatchObject({ status: 200, body: { success: true } });
    expect(await droppedEvents(stack)).toEqual({ optedOut: 2 });
    const marks = [
      ...events.map(({ messageId }) => messageId),
      ...(await Promise.all(
        events.map(({ messageId }) => stack.platform.sealer.hash('analytics-id-key', 'event', messageId)),
      )),
      device,
      await hashed(stack).anonymousId(device),
      sha256Hex(jane.accountId),
    ];
    expect(await places(...marks)).toEqual([]);
    // Its own choice is all that there is under its keyed hash.
    expect(await places(await hashed(stack).userId(jane.accountId))).toEqual(['analyticsPreferences']);
    expect(await countedEvents(stack)).toBe(0);
  });

  it('needs a session, and a choice', async () => {
    expect(await stack.call('analytics-preference')).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    for (const body of [{}, { analytics: 'maybe' }, { analytics: true }]) {
      expect(await ofAccount(body)).toMatchObject({
        status: 400,
        body: { code: 'INVALID_INPUT', errors: [{ path: '/analytics', message: expect.any(String) }] },
      });
    }
    expect(await stack.call('analytics-preference/account', { token: jane.token })).toMatchObject({ status: 404 });
  });

  it('gets the first answer again for the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'choice-1' };
    const first = await ofAccount({ analytics: 'on' }, headers);
    const again = await ofAccount({ analytics: 'on' }, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });
});

describe('a device', () => {
  it('is on until it says no, and needs no account for that', async () => {
    const device = randomUUID();
    expect(await ofDevice(device)).toMatchObject({ status: 200, body: { analytics: 'on', chosen: null } });
    expect(await ofDevice(device, { analytics: 'off' })).toMatchObject({ status: 200, body: { analytics: 'off' } });
    await ofAccount({ analytics: 'on' });
    await sendBatch(stack, [
      trackEvent({ anonymousId: device }),
      by(jane.accountId, { anonymousId: device }),
      trackEvent(),
    ]);
    await waitForEvents(stack, 1);
    expect(await droppedEvents(stack)).toEqual({ optedOut: 2 });
    expect(await places(device)).toEqual([]);
  });

  it('is named by its id, in a header where it asks', async () => {
    expect(await stack.call('analytics-preference/device')).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', errors: [{ path: '/anonymous-id' }] },
    });
    expect(await ofDevice('', { analytics: 'off' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', errors: [{ path: '/anonymousId' }] },
    });
  });
});

describe('a browser', () => {
  it.each([{ dnt: '1' }, { 'sec-gpc': '1' }])('that sends %j is heard', async (headers) => {
    const device = randomUUID();
    const answer = await sendBatch(stack, [trackEvent({ anonymousId: device }), 'malformed'], {}, headers);
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    expect(await droppedEvents(stack)).toEqual({ signal: 2 });
    expect(await places(device, await hashed(stack).anonymousId(device))).toEqual([]);
  });

  it('that sends 0 is not taken for one that sends 1', async () => {
    await sendBatch(stack, [trackEvent()], {}, { dnt: '0', 'sec-gpc': '0' });
    await waitForEvents(stack, 1);
  });
});

describe('forgetting', () => {
  const rowOf = async (more: object = {}) => ({
    eventId: sha256Hex(randomUUID()),
    type: 'track',
    event: 'Login Success',
    timestamp: new Date().toISOString(),
    receivedAt: new Date().toISOString(),
    userId: await hashed(stack).userId(jane.accountId),
    ...more,
  });
  const ingest = (row: object) => callInProcess('analytics-ingest', pushOf(row), stack.platform);
  const markAll = async () => (await storedEvents(stack)).length;

  it('erases what was stored, keeps the choice, and leaves others alone', async () => {
    await ofAccount({ analytics: 'on' });
    const device = randomUUID();
    await sendBatch(stack, [by(jane.accountId), by(jane.accountId, { anonymousId: device }), trackEvent()]);
    await waitForEvents(stack, 3);
    const heard = await listenToTopic(stack, 'analytics-events');
    const answer = await ofAccount({ analytics: 'off', forget: true });
    expect(answer).toMatchObject({ status: 200, body: { analytics: 'off', erasing: true } });
    expect(await places(await hashed(stack).userId(jane.accountId))).toEqual(['analyticsPreferences']);
    expect(await markAll()).toBe(1);
    // Numbers stay numbers.
    expect(await countedEvents(stack)).toBe(3);

    expect((await later(stack, days(1), 'maintenance-analytics')).body).toEqual({
      events: 0,
      subjects: 0,
      more: false,
    });
    expect((await later(stack, days(4), 'maintenance-analytics')).body).toEqual({
      events: 0,
      subjects: 1,
      more: false,
    });
    expect(await ofAccount()).toMatchObject({ body: { erasing: false } });
    const [row] = await heard(1);
    expect(row).toMatchObject({ type: 'erasure', userId: await hashed(stack).userId(jane.accountId) });
    expect((await later(stack, days(9), 'maintenance-analytics')).body).toEqual({
      events: 0,
      subjects: 0,
      more: false,
    });
    // It reaches the function too, which has nothing to store.
    expect((await ingest(row ?? {})).status).toBe(204);
    expect(await markAll()).toBe(1);
  });

  it('erases a device', async () => {
    const device = randomUUID();
    await sendBatch(stack, [trackEvent({ anonymousId: device }), trackEvent()]);
    await waitForEvents(stack, 2);
    await ofDevice(device, { analytics: 'on', forget: true });
    expect(await markAll()).toBe(1);
    expect(await places(device)).toEqual([]);
  });

  it('holds for what comes late, also when it is allowed again', async () => {
    await ofAccount({ analytics: 'on' });
    const [early, again] = [await rowOf(), await rowOf()];
    expect((await ingest(early)).status).toBe(204);
    expect(await markAll()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await ofAccount({ analytics: 'on', forget: true });
    expect(await markAll()).toBe(0);
    // Delivered once more, and for the first time.
    for (const row of [early, again]) expect((await ingest(row)).status).toBe(204);
    expect(await markAll()).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await ingest(await rowOf({ receivedAt: new Date().toISOString() }))).status).toBe(204);
    expect(await markAll()).toBe(1);
  });

  it('holds for an opt-out while an event was under way', async () => {
    await ofAccount({ analytics: 'on' });
    const row = await rowOf();
    await ofAccount({ analytics: 'off' });
    expect((await ingest(row)).status).toBe(204);
    expect(await markAll()).toBe(0);
  });

  it('finds what was being stored at that very moment, minutes later', async () => {
    await ofAccount({ analytics: 'on' });
    const { database } = stack.platform;
    let reached = () => {};
    let goOn = () => {};
    const readChoice = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const released = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    // The function has read the choice and is held up before its commit.
    const slow: typeof database = {
      ...database,
      commit: async (writes) => {
        reached();
        await released;
        return database.commit(writes);
      },
    };
    const storing = callInProcess('analytics-ingest', pushOf(await rowOf()), { ...stack.platform, database: slow });
    await readChoice;
    await ofAccount({ analytics: 'off', forget: true });
    goOn();
    expect((await storing).status).toBe(204);
    expect(await markAll()).toBe(1);
    expect((await later(stack, days(4), 'maintenance-analytics')).body).toMatchObject({ events: 1, subjects: 1 });
    expect(await markAll()).toBe(0);
  });

  it('goes on where a sweep was killed, over more events than one pass takes', async () => {
    const userId = await hashed(stack).userId(jane.accountId);
    await sendBatch(stack, [trackEvent()]);
    const [sample] = await waitForEvents(stack, 1);
    if (sample === undefined) throw new Error('There is no event.');
    const { id: _id, ...data } = sample;
    for (let n = 0; n < 3; n += 1) {
      await stack.platform.database.commit(
        Array.from({ length: 250 }, (_, each) => ({
          kind: 'create' as const,
          path: `analyticsEvents/${sha256Hex(`${n} ${each}`)}`,
          data: { ...data, userId },
        })),
      );
    }
    await ofAccount({ analytics: 'off', forget: true });
    expect(await markAll()).toBe(451);
    const { publisher } = stack.platform;
    const broken = { ...publisher, publishAll: async () => Promise.reject(new Error('killed')) };
    const cut = { ...stack, platform: { ...stack.platform, publisher: broken } };
    expect((await later(cut, days(4), 'maintenance-analytics')).status).toBe(500);
    expect(await places(userId)).toEqual(['analyticsPreferences']);
    expect((await later(stack, days(4), 'maintenance-analytics')).body).toMatchObject({ events: 0, subjects: 1 });
    const [preference] = await stack.platform.database.get(analyticsPreferences.doc(userId));
    expect(preference?.data).toMatchObject({ choice: 'off', erasureDue: null });
  });
});

describe('account-export and account-delete', () => {
  it('show and erase what was collected, and what still comes', async () => {
    await ofAccount({ analytics: 'on' });
    await sendBatch(stack, [by(jane.accountId)]);
    await waitForEvents(stack, 1);
    const exported = (await stack.call('account-export', { token: jane.token })).text;
    const { usage, usageChoice } = JSON.parse(exported);
    expect(usage).toEqual([expect.objectContaining({ event: 'Request Executed' })]);
    expect(usageChoice).toEqual([expect.objectContaining({ choice: 'on' })]);

    const userId = await hashed(stack).userId(jane.accountId);
    const late = {
      eventId: sha256Hex('late'),
      type: 'track',
      event: 'Login Success',
      timestamp: new Date().toISOString(),
      receivedAt: new Date().toISOString(),
      userId,
    };
    const deleted = await deleteAccount(stack, { proof: await proofOf(stack, jane) });
    expect(deleted).toMatchObject({ status: 200, body: { deleted: true } });
    expect(await places(userId)).toEqual(['analyticsPreferences']);
    expect((await callInProcess('analytics-ingest', pushOf(late), stack.platform)).status).toBe(204);
    expect(await places(userId)).toEqual(['analyticsPreferences']);
    const [no] = await stack.platform.database.get(analyticsPreferences.doc(userId));
    expect(no?.data).toMatchObject({ choice: 'off', expiresAt: expect.any(Date) });
    // Readers of the topic are told as well.
    const heard = await listenToTopic(stack, 'analytics-events');
    expect((await later(stack, days(4), 'maintenance-analytics')).body).toMatchObject({ subjects: 1 });
    expect(await heard(1)).toMatchObject([{ type: 'erasure', userId }]);
  });
});
