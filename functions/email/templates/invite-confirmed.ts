import * as z from 'zod';
import { name } from '../../../shared/protocol/fields.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { inWords, person, plain } from './names.ts';
import { template } from './template.ts';

/** To the new member, who has waited for this. */
export const inviteConfirmed = template({
  values: z.object({ teamName: name, admin: person }),
  usefulFor: lifetimes.inviteRecord,
  write: ({ teamName, admin }) => ({
    subject: 'You have access to your team',
    paragraphs: [
      `${inWords(admin)} has confirmed you in the team “${plain(teamName)}”. Your app can open its groups when it next syncs.`,
    ],
    why: 'You get this mail because you accepted an invite to the team.',
  }),
});
