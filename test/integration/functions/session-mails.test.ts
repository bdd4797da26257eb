import { queueMail } from '../../../functions/email/queue-mail.ts';
import { limits } from '../../../shared/protocol/limits.ts';
import { deliver } from '../../support/mail.ts';
import { type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());
afterEach(() => stack.mailbox.refuse(false));

const mailsOf = async ({ token }: Member) => Object((await stack.call('session-mails', { token })).body).mails;

/** Queued at a time of its own, and tried once. */
async function notice(to: string, created: number) {
  const clock = { now: () => created };
  const context = {
    ...stack.platform,
    clock,
    requestId: 'test-0001',
    address: '',
    commit: async <T>(output: T) => output,
  };
  const values = { event: 'Your passphrase was changed.', at: created, whatToDo: 'reset it.' };
  const { id, write } = await queueMail(context, { to, template: 'security-notice', values });
  await stack.platform.database.commit([write]);
  await deliver(stack, id, created);
}

describe('session-mails', () => {
  it('shows the owner of an address what became of its mails, newest first, and nobody else’s', async () => {
    const now = Date.now();
    stack.mailbox.refuse(true);
    await notice(jane.email, now + 1_000);
    stack.mailbox.refuse(true, 550);
    await notice(jane.email, now + 2_000);
    stack.mailbox.refuse(false);
    await notice(bob.email, now + 3_000);

    const reason = (code: number) => expect.stringContaining(`${code} <(address)>: the mailbox refuses mail`);
    expect(await mailsOf(jane)).toEqual([
      {
        template: 'security-notice',
        state: 'dead',
        reason: reason(550),
        created: now + 2_000,
        ended: now + 2_000,
        nextAttempt: null,
      },
      {
        template: 'security-notice',
        state: 'failed',
        reason: reason(451),
        created: now + 1_000,
        ended: null,
        nextAttempt: now + 61_000,
      },
      expect.objectContaining({ template: 'verify-email', state: 'sent', reason: null, nextAttempt: null }),
    ]);
    expect((await mailsOf(bob)).map(({ state }: { state: string }) => state)).toEqual(['sent', 'sent']);
  });

  it('shows so many at most', async () => {
    const now = Date.now();
    for (let n = 0; n < limits.ownMails; n += 1) await notice(bob.email, now + 10_000 + n);
    const mails = await mailsOf(bob);
    expect(mails).toHaveLength(limits.ownMails);
    expect(mails[0].created).toBe(now + 10_000 + limits.ownMails - 1);
  });

  it('tells nobody without a session anything', async () => {
    const answer = await stack.call('session-mails', { query: { email: jane.email } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    const resent = await stack.call('account-resend-verification', { body: { email: jane.email } });
    const unknown = await stack.call('account-resend-verification', { body: { email: 'nobody@example.com' } });
    expect(resent.text).toBe(unknown.text);
  });
});
