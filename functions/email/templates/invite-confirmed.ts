import * as z from 'zod';
import { name } from '../../../shared/protocol/fields.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { inWords, person, plain } from './names.ts';
import { template } from './template.ts';

/** To the new member, who has waited for this. */
export const inviteConfirmed = template({
  values: z.object({ teamName: name, admin: person }),
  usefulFor: lifetimes.inviteRecord,
  write: ({ teamName, admin }, baseUrl) => ({
    subject: 'You have access to your team',
    paragraphs: [
      `${inWords(admin)} has confirmed you in the team “${plain(teamName)}”. You can open its groups now, on the page below or with your app.`,
    ],
    action: { label: 'Open its groups', url: `${baseUrl}/vault` },
    why: 'You get this mail because you accepted an invite to the team.',
  }),
});
