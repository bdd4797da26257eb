import * as z from 'zod';
import { mailToken } from '../../../shared/protocol/account.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { template } from './template.ts';

export const verifyEmail = template({
  values: z.object({ token: mailToken }),
  usefulFor: lifetimes.verificationToken,
  write: ({ token }, baseUrl) => ({
    subject: 'Verify your address for Nightvault',
    paragraphs: [
      'Somebody, most likely you, signed up for Nightvault with this address.',
      'Open the page below and press its button, and the account can log in. The link works once, for 24 hours.',
      'If it was not you, do nothing: an account that is not verified cannot be used.',
    ],
    action: { label: 'Verify this address', url: `${baseUrl}/account-verify?token=${token}` },
    why: 'You get this mail because your address was given at a sign-up.',
  }),
});
