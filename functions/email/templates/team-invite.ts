import * as z from 'zod';
import { name } from '../../../shared/protocol/fields.ts';
import { inviteCode } from '../../../shared/protocol/invite.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { inWords, person, plain } from './names.ts';
import { template } from './template.ts';

/** To an address that may or may not have an account; only its owner is told what is needed. */
export const teamInvite = template({
  values: z.object({ teamName: name, inviter: person, hasAccount: z.boolean(), code: inviteCode }),
  usefulFor: lifetimes.invite,
  write: ({ teamName, inviter, hasAccount, code }, baseUrl) => ({
    subject: 'You are invited to a team on Nightvault',
    paragraphs: [
      `${inWords(inviter)} invites you to the team “${plain(teamName)}”, to share encrypted API projects.`,
      hasAccount
        ? 'You have an account: log in on the page below or with your app, and the invite waits there.'
        : 'You have no account yet: sign up under this address, on the page below or with your app, and the invite waits there.',
      `With an account under another address, enter this code in the app: ${code}`,
      'The invite is good for 7 days. If you do not know who that is, do nothing, or decline it.',
    ],
    action: { label: 'Answer the invite', url: `${baseUrl}/invite-accept#${code}` },
    why: 'You get this mail because somebody with an account here gave your address. You get one for each time you are invited, and no others.',
  }),
});
