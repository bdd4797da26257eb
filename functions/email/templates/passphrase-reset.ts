import * as z from 'zod';
import { mailToken } from '../../../shared/protocol/account.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { template } from './template.ts';

/** To the owner of an account who does not know the passphrase any more. */
export const passphraseReset = template({
  values: z.object({ token: mailToken }),
  usefulFor: lifetimes.passphraseCode,
  write: ({ token }, baseUrl) => ({
    subject: 'Your code to reset your Nightvault passphrase',
    paragraphs: [
      'Somebody, most likely you, has forgotten the passphrase of your account and wants to set a new one.',
      `Open the page below, or enter this code in the app that asked for it: ${token}`,
      'It works once, for an hour. You are shown what a reset costs before it does anything: nobody can open your old keys without the old passphrase, so groups that only you are in are lost, and in shared groups somebody has to let you in again.',
      'If a device of yours is still logged in, do not reset: set the new passphrase there, and nothing is lost.',
      'If it was not you, do nothing. Nothing changes unless the code is used.',
    ],
    action: { label: 'Set a new passphrase', url: `${baseUrl}/passphrase-reset-finish#${token}` },
    why: 'You get this mail because somebody asked to reset the passphrase of the account with your address.',
  }),
});
