import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { accountVerify as wire } from '../../shared/protocol/account.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { remove, update } from '../../shared/store/database.ts';
import { logins } from '../../shared/store/logins.ts';
import { cutOffPage } from '../web/button-page.ts';
import { verifiedPage, verifyPage } from '../web/verify-pages.ts';
import { findMailToken } from './mail-token.ts';

export const accountVerify = httpFunction('account-verify', {
  GET: publicOperation({
    summary: 'The page behind the link of the verification mail; changes nothing, for mail scanners open links too',
    input: wire.page,
    output: wire.page,
    success: 200,
    page: { when: 'always', draw: ({ token }, frame) => verifyPage(token, frame), drawInvalid: cutOffPage },
    handle: async (input) => input,
  }),
  POST: publicOperation({
    summary: 'Verify the address that a token was mailed to',
    about: 'A token is good for a day.',
    ...wire,
    success: 200,
    problems: ['TOKEN_EXPIRED'],
    writes: true,
    form: true,
    page: { when: 'asked', draw: (_output, frame) => verifiedPage(frame) },
    handle: ({ token }, context) => optimistic(() => verify(token, context)),
  }),
});

async function verify(token: string, context: Context): Promise<{ verified: true }> {
  const found = await findMailToken(context, 'verify-email', token);
  if (found === undefined) throw expired();
  const [login] = await context.database.get(logins.doc(found.data.loginId));
  // A newer sign-up may have taken the place of the one this token was for.
  if (login === undefined || login.data.accountId !== found.data.accountId) throw expired();
  return context.commit({ verified: true }, [update(login, { isVerified: true }), remove(found)]);
}

const expired = () =>
  new Problem('TOKEN_EXPIRED', 'This link was used already, has expired, or was replaced by a newer one.');
