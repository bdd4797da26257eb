import * as z from 'zod';
import { name } from '../../../shared/protocol/fields.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { inWords, person, plain } from './names.ts';
import { template } from './template.ts';

/** To the admin who has invited: the next step is theirs. */
export const inviteAccepted = template({
  values: z.object({ teamName: name, member: person }),
  usefulFor: lifetimes.inviteRecord,
  write: ({ teamName, member }, baseUrl) => ({
    subject: 'Your invite was accepted: please confirm it',
    paragraphs: [
      `${inWords(member)} has joined the team “${plain(teamName)}”, and cannot read anything yet.`,
      'Open the page below, or the team in your app. It shows the fingerprint of their key: compare it with them over the phone or in person, then confirm. That wraps the keys of the groups for them.',
      'If that is not whom you invited, do not confirm: take them out of the team.',
    ],
    action: { label: 'Compare and confirm', url: `${baseUrl}/vault#/people` },
    why: 'You get this mail because you sent the invite.',
  }),
});
