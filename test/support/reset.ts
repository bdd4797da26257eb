import { codeIn } from './mail.ts';
import { attemptLogin, type Member, makePerson } from './people.ts';
import type { TestStack } from './stack.ts';

/** What whoever has lost the key of a group is answered there. */
export const waitsForKey = {
  status: 409,
  body: {
    code: 'LINK_NEEDS_REKEY',
    detail: 'Your passphrase was reset: this group waits to be opened for you again.',
  },
};

/** Asks for a reset, and reads its code from the mail. @param mails how many the mailbox has had then */
export async function resetCode(stack: TestStack, { email }: Member, mails = 2): Promise<string> {
  expect((await stack.call('passphrase-reset-start', { body: { email } })).status).toBe(202);
  const mail = await stack.mailbox.waitFor(email, mails);
  expect(mail.subject).toBe('Your code to reset your Nightvault passphrase');
  return codeIn(mail);
}

/** Forgets the passphrase and sets another; hands back the member, logged in again. */
export async function resetPassphrase(stack: TestStack, member: Member, mails?: number) {
  const code = await resetCode(stack, member, mails);
  const fresh = await makePerson('jane', undefined, member.email);
  const finished = await stack.call('passphrase-reset-finish', { body: { ...fresh.signUpBody, token: code } });
  const { token = '' } = await attemptLogin(stack, fresh);
  return { code, finished, member: { ...member, ...fresh, token } };
}
