import * as z from 'zod';
import { email, name } from '../../../shared/protocol/fields.ts';

const longest = 60;

/**
 * A name that somebody else has chosen, for a mail to a stranger: short, and with nothing in it that a mail program
 * would make a link of.
 */
export function plain(chosen: string): string {
  const text = chosen.replace(/\s+/g, ' ').trim();
  const short = text.length > longest ? `${Array.from(text).slice(0, longest).join('')}…` : text;
  return short.replace(/[.:/@](?=\S)/g, '$& ');
}

/** Somebody else, as a mail calls them. */
export const person = z.object({ firstName: name, lastName: name, email });

/** `Jane Doe (jane@example.com)`. The address is the part that was verified. */
export const inWords = ({ firstName, lastName, email }: z.output<typeof person>): string => {
  const called = plain(`${firstName} ${lastName}`);
  return called === '' ? email : `${called} (${email})`;
};
