import * as z from 'zod';
import { mailToken } from '../../../shared/protocol/account.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { template } from './template.ts';

/** To the owner of an account, who need not be logged in, nor know the passphrase any more. */
export const deletionCode = template({
  values: z.object({ token: mailToken }),
  usefulFor: lifetimes.deletionCode,
  write: ({ token }) => ({
    subject: 'Your code to delete a Nightvault account',
    paragraphs: [
      'Somebody, most likely you, wants to delete the account with this address, and all that belongs to it.',
      `If you want that, enter this code in the app that asked for it: ${token}`,
      'It works once, for an hour. What it deletes cannot be brought back.',
      'If it was not you, do nothing, and give the code to nobody.',
    ],
    why: 'You get this mail because somebody asked to delete the account with your address.',
  }),
});
