import { httpFunction } from '../../shared/platform/definition.ts';
import { internalOperation } from '../../shared/platform/operation.ts';
import { breachNoticeStatus as wire } from '../../shared/protocol/mail.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { breachNotices } from '../../shared/store/notices.ts';
import { countMails, listMails } from '../email/operators-view.ts';

export const breachNoticeStatus = httpFunction('breach-notice-status', {
  GET: internalOperation({
    summary: 'For operators: how far a notice has come, and the state of the mail to each recipient',
    ...wire,
    success: 200,
    problems: ['NOTICE_NOT_FOUND'],
    handle: async ({ noticeId, ...page }, { database }) => {
      const [notice] = await database.get(breachNotices.doc(noticeId));
      if (notice === undefined) throw new Problem('NOTICE_NOT_FOUND', 'No notice has this id.');
      const where = [['noticeId', '==', noticeId]] as const;
      const [counts, { mails, next }] = await Promise.all([
        countMails(database, where),
        listMails(database, where, page),
      ]);
      const { subject, created, finished, recipients, queued } = notice.data;
      // Accounts come and go while it runs: what is left is an estimate until it is finished, and then nothing.
      const pending = finished === null ? Math.max(0, recipients - queued) : 0;
      return { noticeId, subject, created, finished, recipients, counts: { ...counts, pending }, mails, next };
    },
  }),
});
