import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { sessionMails as wire } from '../../shared/protocol/mail.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { outbox } from '../../shared/store/outbox.ts';

/**
 * Where users see what became of their mails. Only with a session: it proves that the address is the caller's, as every
 * login needs a verified one. Without, nobody is told anything about a mail, for that would tell who has an account.
 */
export const sessionMails = httpFunction('session-mails', {
  GET: sessionOperation({
    summary: 'The latest mails to the address of this account, newest first: sent, waiting or failed, and why',
    ...wire,
    success: 200,
    handle: async (_input, { caller, database }) => {
      const [account] = await database.get(accounts.doc(caller.accountId));
      if (account === undefined) throw new Problem('UNAUTHENTICATED', 'The account of this session is gone.');
      const found = await database.list({
        collection: outbox,
        where: [['to', '==', account.data.email]],
        orderBy: 'created',
        descending: true,
        limit: limits.ownMails,
        fields: ['template', 'state', 'lastError', 'created', 'ended', 'wakeAt'],
      });
      return {
        mails: found.map(({ data: { template, state, lastError, created, ended, wakeAt } }) => ({
          template,
          state,
          reason: lastError,
          created,
          ended,
          nextAttempt: state === 'failed' ? wakeAt : null,
        })),
      };
    },
  }),
});
