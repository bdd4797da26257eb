import { lifetimes } from '../../../shared/protocol/limits.ts';
import { noticeText } from '../../../shared/protocol/mail.ts';
import { template } from './template.ts';

/** In the operator's own words, to all whom it concerns. */
export const breachNotice = template({
  values: noticeText,
  usefulFor: lifetimes.outboxMessage,
  write: ({ subject, paragraphs }) => ({
    subject,
    paragraphs,
    why: 'You get this mail because you have a Nightvault account here, and its operator must tell you of this. It is sent once, and cannot be unsubscribed from.',
  }),
});
