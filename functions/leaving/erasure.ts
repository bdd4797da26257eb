import type { Context } from '../../shared/platform/context.ts';
import { errorFields } from '../../shared/platform/log.ts';
import { looseParts } from '../../shared/store/blobs.ts';
import { CommitConflict, erase, remove, type Stored, update } from '../../shared/store/database.ts';
import { type Departure, departures } from '../../shared/store/departures.ts';
import { outbox } from '../../shared/store/outbox.ts';
import { eraseLoose } from '../blob/removal.ts';
import { someInside } from '../maintenance/maintenance-groups.ts';
import type { Owner } from './holding.ts';
import { ofAccount } from './holdings.ts';

export const none = { accounts: 0, documents: 0 };

/** Longer than any call may run that had begun when the account was deleted: what those still wrote is found then. */
const settledAfterMs = 15 * 60_000;
const nextLookMs = 5 * 60_000;

/**
 * Erases some of what a deleted account has left: a page of one kind of documents, found by the list of holdings, or
 * some of what is in a group that goes with it. Nothing depends on where the last step ended, so it can be killed
 * anywhere, and run twice at once.
 */
export async function eraseSome(departure: Stored<Departure>, context: Context): Promise<typeof none> {
  try {
    const documents = (await eraseHolding(departure, context)) || (await eraseGroup(departure, context));
    if (documents > 0) return { accounts: 0, documents };
    return await end(departure, context);
  } catch (error) {
    // Somebody else wrote one of them, or erases as we do: the next step finds what is left.
    if (error instanceof CommitConflict) return none;
    throw error;
  }
}

async function eraseHolding({ id, data }: Stored<Departure>, context: Context): Promise<number> {
  const { emails, groupIds, departed, mailId } = data;
  const owner: Owner = { accountId: id, emails, groupIds, until: departed, lastMailId: mailId };
  for (const { pages, erase: leave } of ofAccount) {
    for await (const page of pages(owner, context)) {
      if (page.length === 0) continue;
      await context.database.commit((await leave?.(page, owner, context)) ?? page.map(({ ref }) => erase(ref)));
      return page.length;
    }
  }
  return 0;
}

/** Of the first group that is not empty yet. Its own document went when the account did. */
async function eraseGroup(departure: Stored<Departure>, context: Context): Promise<number> {
  const [groupId, ...others] = departure.data.doomedGroupIds;
  if (groupId === undefined) return 0;
  const { database } = context;
  const inside = await someInside(groupId, context);
  if (inside.length > 0) {
    await database.commit(inside);
    return inside.length;
  }
  const loose = await database.list({ collection: looseParts, where: [['groupId', '==', groupId]], limit: 10 });
  for (const part of loose) await eraseLoose(database, part);
  if (loose.length === 0) await database.commit([update(departure, { doomedGroupIds: others })]);
  return Math.max(1, loose.length);
}

/** When nothing is left, and nothing can come any more: the mail that told of it, and the record of the departure. */
async function end(departure: Stored<Departure>, { database, clock }: Context): Promise<typeof none> {
  const { departed, mailId } = departure.data;
  const [mail] = await database.get(outbox.doc(mailId));
  const now = clock.now();
  const isOver = mail === undefined || mail.data.state === 'sent' || mail.data.state === 'dead';
  if (isOver && now >= departed + settledAfterMs) {
    await database.commit([erase(outbox.doc(mailId)), remove(departure)]);
    return { accounts: 1, documents: 2 };
  }
  await database.commit([update(departure, { wakeAt: now + nextLookMs })]);
  return none;
}

/** Steps that a call takes at once, and milliseconds after which it begins none: the sweep does what it leaves. */
const atOnce = { steps: 40, longestMs: 30_000 };

/** Erases as much as one call may. Never throws: the account is deleted, and the sweep goes on from here. */
export async function eraseNow(accountId: string, context: Context): Promise<void> {
  const { database, clock, log, requestId } = context;
  const until = clock.now() + atOnce.longestMs;
  try {
    for (let step = 0; step < atOnce.steps && clock.now() < until; step += 1) {
      const [departure] = await database.get(departures.doc(accountId));
      if (departure === undefined || departure.data.wakeAt > clock.now()) return;
      await eraseSome(departure, context);
    }
  } catch (error) {
    log.write('WARNING', 'the rest of a deleted account is left to the sweep', { requestId, ...errorFields(error) });
  }
}
