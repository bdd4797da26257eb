import * as z from 'zod';
import { time } from '../../../shared/protocol/fields.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { template } from './template.ts';

/** To the owner of an account, after something happened to it that only its owner should be able to do. */
export const securityNotice = template({
  values: z.object({
    /** What happened, as a sentence: "Your passphrase was changed." */
    event: z.string().min(1).max(200),
    /** When, in milliseconds since 1970. */
    at: time,
    /** For somebody who did not do this themselves. */
    whatToDo: z.string().min(1).max(1_000),
  }),
  usefulFor: lifetimes.outboxMessage,
  write: ({ event, at, whatToDo }) => ({
    subject: 'A change to your Nightvault account',
    paragraphs: [
      event,
      `It happened on ${inWords(at)}.`,
      'If it was you, there is nothing to do.',
      `If it was not you: ${whatToDo}`,
    ],
    why: 'You get this mail because changes like this one are always told to the owner of the account.',
  }),
});

/** `2 March 2026, 14:05 UTC`: the server does not know where its reader is. */
function inWords(at: number): string {
  const date = new Date(at);
  const options = { timeZone: 'UTC', dateStyle: 'long' } as const;
  const day = new Intl.DateTimeFormat('en-GB', options).format(date);
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
}
