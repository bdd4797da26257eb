import { element, plural } from './dom.ts';
import { Refused } from './remote.ts';

/** What to do, by the code of what happened. What happened is the failure's own message. */
const advice: Readonly<Record<string, string>> = {
  LOGIN_FAILED: 'Check both, capitals included, and try again.',
  EMAIL_NOT_VERIFIED: 'Open the link in the mail that we sent you. You can have it sent again below.',
  UNREACHABLE: 'Check your connection, then try again.',
  UNAVAILABLE: 'The server is busy. Wait a moment, then try again.',
  INTERNAL: 'Try again. If it stays like this, tell whoever runs this server.',
  ANSWER_UNREADABLE: 'Load the page again: it may be older than the server.',
  UNAUTHENTICATED: 'Log in again.',
  TOKEN_EXPIRED: 'Ask for another mail.',
  INVITE_OVER: 'Ask whoever invited you to send another invite.',
  INVITE_NOT_FOUND: 'Log in with the account whose address the invite was sent to, or open the link in the mail again.',
  MEMBER_EXISTS: 'Nothing needs to be done.',
  ACCOUNT_NOT_FOUND: 'Check the address, or invite its owner under People.',
  LINK_EXISTS: 'Nothing needs to be done.',
  ROLE_REQUIRED: 'Ask an admin of the group to do it.',
  FINGERPRINT_MISMATCH: 'The key has changed since it was shown. Nothing was given to it: look at it again.',
  FINGERPRINT_REFUSED: 'The key has changed since it was shown. Nothing was given to it: look at it again.',
  KEYS_CHANGED: 'Nothing was changed. Load this page again and start over.',
  KEY_EPOCH_STALE: 'An admin of the group has to give it a new key first, under “Members and sharing”.',
  MEMBERSHIP_CHANGED: 'Somebody came or left meanwhile. Look up the keys again.',
  LAST_ADMIN: 'Make somebody else an admin first.',
  PROOF_FAILED: 'The passphrase you have now is another. Check it, capitals included, and try again.',
  QUOTA_EXCEEDED: 'Remove something, or ask whoever runs this server for more.',
  PROFILE_REFUSED:
    'This server asks for weaker cryptography than this page accepts. Do not go on; tell whoever runs it.',
  SRP_SERVER_PROOF_WRONG: 'This may not be your server. Do not go on; check the address, and tell whoever runs it.',
  MESSAGE_TAMPERED: 'Somebody has changed what is stored, or it is damaged. Tell whoever runs this server.',
  MESSAGE_MISPLACED: 'The server has put it in another place than it was written for. Tell whoever runs it.',
  KEY_PAIR_MISMATCHED: 'Do not go on; tell whoever runs this server.',
  PUBLIC_KEY_CHANGED: 'Ask its owner over another channel before you do anything.',
  GROUP_ROLLED_BACK: 'The server shows an older state than before. Tell whoever runs it.',
  KEY_EPOCH_WENT_BACK: 'The server shows an older key than before. Tell whoever runs it.',
  GROUP_KEY_CHANGED: 'Do not go on; tell whoever runs this server.',
  REKEY_NOT_NEEDED: 'Load the list again.',
  GROUP_KEY_MISSING: 'Ask a member of the group to share it with you again.',
  WORKER_BROKEN: 'Load the page again. If that does not help, use a current browser.',
};

/** Where the failure's own words are for programmers. */
const happened: Readonly<Record<string, string>> = {
  LOGIN_FAILED: 'The address or the passphrase is wrong.',
  PROOF_FAILED: 'Nothing was changed.',
};

/** A failure in words: what happened, and what to do. */
export function inWords(error: unknown): string {
  if (!(error instanceof Refused)) return `Something went wrong on this page: ${String(error)}. Load it again.`;
  const { message, errors = [], retryAfter } = error.failure;
  if (error.code === 'RATE_LIMITED') return `${message} Wait ${waiting(retryAfter)}, then try again.`;
  if (errors.length > 0) return errors.map(({ path, message: must }) => `${fieldName(path)} ${must}.`).join(' ');
  return [happened[error.code] ?? message, advice[error.code] ?? 'Try again.'].join(' ');
}

function waiting(milliseconds = 60_000): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 120 ? plural(seconds, 'second') : plural(Math.ceil(seconds / 60), 'minute');
}

const fieldName = (path: string): string => {
  const words = path
    .slice(1)
    .replaceAll(/([A-Z])/g, ' $1')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export const codeOf = (error: unknown): string | undefined => (error instanceof Refused ? error.code : undefined);

/** A failure where something should have been: what happened, what to do, and a button to do it. */
export const failureCard = (error: unknown, again: () => void): HTMLElement =>
  element(
    'section',
    { class: 'card' },
    element('p', { class: 'notice bad', role: 'alert' }, inWords(error)),
    element('button', { type: 'button', class: 'primary', onclick: again }, 'Try again'),
  );
