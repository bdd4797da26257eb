import type { ProblemCode } from '../../shared/protocol/problems.ts';

/** What to do in commands where the server's own words (shared/protocol/problems.ts) speak of functions and fields. */
export const remedies: Readonly<Partial<Record<ProblemCode, string>>> = {
  INVALID_INPUT: 'Type it again as it must be; --help says what each is.',
  UNAUTHENTICATED: 'Log in again: nightvault login.',
  LOGIN_FAILED: 'Check the address and the passphrase. Who has forgotten it: nightvault passphrase reset.',
  EMAIL_NOT_VERIFIED: 'Open the link of the mail, or nightvault verify LINK. Another mail: nightvault verify --resend.',
  PROOF_FAILED: 'Check the passphrase; or ask for another code, and use it once.',
  TOKEN_EXPIRED: 'Have another mail sent, and use the newest.',
  ROLE_REQUIRED: 'Ask an admin: nightvault members and nightvault team members say who is one.',
  ACCOUNT_NOT_FOUND: 'Check the address. Who has no account yet is invited into a team: nightvault invite ADDRESS.',
  GROUP_NOT_FOUND:
    'See nightvault groups. If you had it until now, an admin of it has taken it away, and can share it again.',
  GROUP_DELETED: 'An admin can bring it back for a while: nightvault groups --deleted.',
  TEAM_NOT_FOUND: 'See nightvault teams.',
  KEY_NOT_GRANTED: 'See nightvault groups for who can give you its key.',
  LINK_NEEDS_REKEY: 'Your passphrase was reset: an admin of the group lets you in again with nightvault readmit.',
  REKEY_NOT_NEEDED: 'See nightvault readmit for who still waits.',
  LINK_EXISTS: 'To change what they may do: nightvault role.',
  LAST_ADMIN: 'Make somebody else an admin first: nightvault role; or end the group: nightvault delete-group.',
  LAST_TEAM_ADMIN: 'Make somebody else an admin first: nightvault team role; or end the team: nightvault team delete.',
  PERSONAL_TEAM: 'To work with others, make a team: nightvault teams --create NAME.',
  TEAM_IN_USE: 'Delete its groups first: nightvault groups, and nightvault delete-group.',
  GROUPS_NEED_CHOICE: 'Say of each --delete-group GROUP or --transfer GROUP=ADDRESS. Nothing was changed.',
  KEY_EPOCH_STALE: 'Run the command again. If the group needs a new key, an admin makes one: nightvault rotate-key.',
  KEYS_CHANGED: 'A passphrase was changed meanwhile, and nothing was done: log in again, and begin anew.',
  MEMBERSHIP_CHANGED: 'Members came or went meanwhile, and nothing was done: run the command again.',
  FINGERPRINT_MISMATCH: 'Nothing was given. Run the command again, and compare the new fingerprint with its owner.',
  INVITE_OVER: 'An admin of the team can invite again: nightvault invite.',
  INVITE_NOT_ACCEPTED: 'They have to accept first: nightvault accept.',
  QUOTA_EXCEEDED: 'Remove something, or ask the operator for more. What is removed counts until it is kept no longer.',
  RATE_LIMITED: 'Wait a while, and run the command again.',
};
