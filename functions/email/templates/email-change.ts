import * as z from 'zod';
import { mailToken } from '../../../shared/protocol/account.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { template } from './template.ts';

/** To the address that an account is to have. */
export const emailChange = template({
  values: z.object({ token: mailToken }),
  usefulFor: lifetimes.emailChange,
  write: ({ token }, baseUrl) => ({
    subject: 'Confirm your new address for Nightvault',
    paragraphs: [
      'Somebody, most likely you, wants to use this address for their Nightvault account, in place of another.',
      'Open the page below and press its button, and the account has this address. The link works once, for an hour.',
      'If it was not you, do nothing: without the button nothing is changed.',
    ],
    action: { label: 'Use this address', url: `${baseUrl}/email-change-confirm?token=${token}` },
    why: 'You get this mail because your address was given as the new one of an account.',
  }),
});
