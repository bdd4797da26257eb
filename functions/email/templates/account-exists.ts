import * as z from 'zod';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { template } from './template.ts';

export const accountExists = template({
  values: z.object({}),
  usefulFor: lifetimes.verificationToken,
  write: () => ({
    subject: 'You have a Nightvault account already',
    paragraphs: [
      'Somebody, most likely you, asked to sign up or to be verified with this address. It has a verified account already, and nothing was changed.',
      'Just log in with your passphrase. If it was not you, you need not do anything.',
    ],
    why: 'You get this mail because your address was given at a sign-up, and has an account.',
  }),
});
