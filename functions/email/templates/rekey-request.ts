import * as z from 'zod';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { template } from './template.ts';

/** To those who can let a member in again. */
export const rekeyRequest = template({
  values: z.object({
    firstName: z.string(),
    lastName: z.string(),
    email: z.string(),
    /** Names of the groups that the member waits for. */
    groups: z.array(z.string()).min(1),
  }),
  usefulFor: lifetimes.outboxMessage,
  write: ({ firstName, lastName, email, groups }, baseUrl) => ({
    subject: 'A member of your groups has new keys and waits to be let in again',
    paragraphs: [
      `${[firstName, lastName].filter(Boolean).join(' ')} (${email}) has reset a forgotten passphrase. The old keys are gone, so this member cannot open what you share any more.`,
      `Waiting for: ${groups.join(', ')}.`,
      'Ask the person, not by mail, whether it was them, and compare the fingerprint that you are shown with theirs: whoever can read a mailbox can ask for a reset.',
      'If it is right, grant the keys, on the page below or with your app, in the list of those who wait. If not, take the member out of the groups.',
    ],
    action: { label: 'See who waits', url: `${baseUrl}/vault#/people` },
    why: 'You get this mail because you hold the keys of groups that this person is a member of.',
  }),
});
