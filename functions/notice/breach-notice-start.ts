import type * as z from 'zod';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { internalOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { breachNoticeStart as wire } from '../../shared/protocol/mail.ts';
import { create } from '../../shared/store/database.ts';
import { logins } from '../../shared/store/logins.ts';
import { breachNotices } from '../../shared/store/notices.ts';
import { render } from '../email/templates/render.ts';
import { existing, reachable } from './recipients.ts';

type Input = z.output<typeof wire.input>;

export const breachNoticeStart = httpFunction('breach-notice-start', {
  POST: internalOperation({
    summary: 'For operators: mail a notice to all accounts or some, once each; a dry run unless told otherwise',
    about: 'Each account gets one mail, however often the run is cut off; so many a minute.',
    ...wire,
    success: 202,
    writes: true,
    handle: (input, context) => optimistic(() => start(input, context)),
  }),
});

/** Sends nothing itself: `breach-notice-run` does, minute by minute. */
async function start(input: Input, context: Context) {
  const { subject, paragraphs, dryRun } = input;
  const accountIds = input.audience === 'all' ? null : [...new Set(input.audience)].sort();
  const { text } = render('breach-notice', { subject, paragraphs }, context.settings.baseUrl);
  const preview = { subject, text };
  if (dryRun) {
    return context.commit({ noticeId: null, ...(await count(accountIds, context)), dryRun, preview }, []);
  }
  const noticeId = idOf(input, accountIds);
  const [before] = await context.database.get(breachNotices.doc(noticeId));
  const { recipients, unreachable } = await count(accountIds, context);
  const answer = { noticeId, recipients: before?.data.recipients ?? recipients, unreachable, dryRun, preview };
  if (before !== undefined) return context.commit(answer, []);
  const created = context.clock.now();
  const notice = {
    subject,
    paragraphs,
    accountIds,
    recipients,
    created,
    unfinishedSince: created,
    finished: null,
    position: null,
    queued: 0,
  };
  return context.commit(answer, [create(breachNotices.doc(noticeId), notice)]);
}

/** The same words to the same people are the same notice, with or without an Idempotency-Key: nobody gets them twice. */
const idOf = ({ subject, paragraphs }: Input, accountIds: readonly string[] | null): string =>
  `ntc_${sha256Hex('breach notice', JSON.stringify([subject, paragraphs, accountIds])).slice(0, 32)}`;

async function count(accountIds: readonly string[] | null, { database }: Context) {
  if (accountIds === null) {
    return {
      recipients: await database.count({ collection: logins, where: [['isVerified', '==', true]] }),
      unreachable: [],
    };
  }
  const reached = new Set((await reachable(database, await existing(database, accountIds))).map(({ id }) => id));
  return { recipients: reached.size, unreachable: accountIds.filter((id) => !reached.has(id)) };
}
