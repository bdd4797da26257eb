import * as z from 'zod';
import { mailToken } from '../../../shared/protocol/account.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { template } from './template.ts';

/** To the owner of an account who is logged in and does not know the old passphrase any more. */
export const passphraseCode = template({
  values: z.object({ token: mailToken }),
  usefulFor: lifetimes.passphraseCode,
  write: ({ token }) => ({
    subject: 'Your code for a new Nightvault passphrase',
    paragraphs: [
      'Somebody who is logged in to your account, most likely you, wants to set a new passphrase, or to move it to another address.',
      `Enter this code in the app that asked for it: ${token}`,
      'It works once, for an hour, and only there.',
      'If it was not you, somebody is logged in to your account: end the other sessions, then change your passphrase.',
    ],
    why: 'You get this mail because your account asked for a code.',
  }),
});
