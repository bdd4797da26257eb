import * as z from 'zod';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { template } from './template.ts';

/** To the owner of an account, whose address was given as the new one of another account. */
export const emailInUse = template({
  values: z.object({}),
  usefulFor: lifetimes.emailChange,
  write: () => ({
    subject: 'Your address belongs to a Nightvault account already',
    paragraphs: [
      'Somebody, perhaps you, wanted to move another Nightvault account to this address. It has an account already, and nothing was changed: neither of the two.',
      'If it was you: choose another address, or delete the account that has this one first.',
      'If it was not you, you need not do anything.',
    ],
    why: 'You get this mail because your address was given as the new one of an account, and has one.',
  }),
});
