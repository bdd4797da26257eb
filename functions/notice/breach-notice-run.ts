import type { Context } from '../../shared/platform/context.ts';
import { scheduledFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { CommitConflict, type Stored, update } from '../../shared/store/database.ts';
import { type BreachNotice, breachNotices } from '../../shared/store/notices.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { inPasses } from '../maintenance/in-passes.ts';
import { pace, roomOf } from './pace.ts';
import { existing, reachable } from './recipients.ts';

const none = { mails: 0, notices: 0 };

export const breachNoticeRun = scheduledFunction('breach-notice-run', {
  schedule: '* * * * *',
  summary: 'Queue the next mails of the notices that are under way, so many a minute',
  secrets: ['mail-key'],
  publishes: [emailDeliveries],
  run: (context) => inPasses(none, () => pass(context)),
});

/** The next few accounts of the notice that began first; `undefined` when there is none, or no room this minute. */
async function pass(context: Context) {
  const { database, clock } = context;
  const room = await roomOf(database, clock.now());
  if (room.left <= 0) return undefined;
  const [notice] = await database.list({
    collection: breachNotices,
    where: [['unfinishedSince', '>=', 0]],
    orderBy: 'unfinishedSince',
    limit: 1,
  });
  if (notice === undefined) return undefined;
  try {
    return await advance(notice, room, context);
  } catch (error) {
    // Another run was faster: the next pass goes on from where that one is.
    if (error instanceof CommitConflict) return none;
    throw error;
  }
}

/** One commit holds the mails and how far they go, so that wherever a run ends, nobody is left out or written to twice. */
async function advance(notice: Stored<BreachNotice>, room: Awaited<ReturnType<typeof roomOf>>, context: Context) {
  const size = Math.min(pace.mailsPerCommit, room.left);
  const { found, position } = await nextAccounts(notice.data, size, context);
  const mails = await mailsTo(found, notice, context);
  const now = context.clock.now();
  const queued = notice.data.queued + mails.length;
  const progress = position === null ? { unfinishedSince: null, finished: now } : { position };
  await context.database.commit([
    update(notice, { ...progress, queued }),
    ...(mails.length > 0 ? [room.take(mails.length)] : []),
    ...mails.map(({ write }) => write),
  ]);
  await Promise.all(mails.map(({ id }) => announceMail(context, id)));
  return { mails: mails.length, notices: position === null ? 1 : 0 };
}

/** Up to `size` accounts after the notice's position, and the new position: null when there are no further ones. */
async function nextAccounts({ accountIds, position }: BreachNotice, size: number, { database }: Context) {
  if (accountIds !== null) {
    const ids = accountIds.filter((id) => position === null || id > position).slice(0, size);
    return { found: await existing(database, ids), position: ids.at(-1) ?? null };
  }
  const after = position === null ? {} : { after: position };
  const found = await database.list({ collection: accounts, where: [], limit: size, fields: ['email'], ...after });
  return { found, position: found.at(-1)?.id ?? null };
}

async function mailsTo(
  found: Parameters<typeof reachable>[1],
  { id: noticeId, data: { subject, paragraphs } }: Stored<BreachNotice>,
  context: Context,
) {
  const recipients = await reachable(context.database, found);
  return Promise.all(
    recipients.map(({ id, data }) =>
      queueMail(context, {
        to: data.email,
        template: 'breach-notice',
        values: { subject, paragraphs: [...paragraphs] },
        id: sha256Hex('notice mail', noticeId, id).slice(0, 32),
        noticeId,
      }),
    ),
  );
}
