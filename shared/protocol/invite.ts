import * as z from 'zod';
import {
  accountId,
  email,
  fingerprint,
  groupId,
  keyEpoch,
  personNames,
  role,
  time,
  wrappedGroupKey,
} from './fields.ts';
import { oldKeys } from './group.ts';
import { limits } from './limits.ts';
import { teamId, teamName, teamPerson, teamRole } from './team.ts';

export const inviteState = z
  .enum(['pending', 'accepted', 'confirmed', 'revoked', 'declined', 'expired'])
  .describe(
    '`accepted`: its person is in the team and waits for keys. `confirmed`: an admin has compared fingerprints and given the keys. `revoked` by the team, `declined` by the invited',
  );
export type InviteState = z.infer<typeof inviteState>;

export const inviteId = z
  .string()
  .regex(/^inv_[0-9a-f]{32}$/, { message: 'must be an invite id (inv_ and 32 hex characters)' })
  .describe('The invite');

export const inviteCode = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, { message: 'must be the code from the mail' })
  .describe('The code from the mail');

const expires = time.describe('When the invite ends: milliseconds since 1970');
const now = <S extends InviteState>(state: S) => z.literal(state).describe('What the invite is now');

export const inviteCreate = {
  input: z.object({ teamId, email, role: teamRole.default('member') }),
  output: z.object({ inviteId, state: now('pending'), expires }),
};

const inviter = z.object({ email, ...personNames }).describe('Who invites');

export const inviteList = {
  input: z.object({
    teamId: teamId.optional().describe('Only the invites of this team'),
  }),
  output: z.object({
    sent: z
      .array(
        z.object({
          inviteId,
          teamId,
          email,
          role: teamRole,
          state: inviteState,
          created: time,
          expires,
          accepted: teamPerson
            .optional()
            .describe('Of an accepted one: whose fingerprint to compare, and the key to wrap to'),
        }),
      )
      .describe('Of the teams that the caller is an admin of, the newest first'),
    received: z
      .array(z.object({ inviteId, teamId, teamName, role: teamRole, invitedBy: inviter, created: time, expires }))
      .describe('That wait for the caller to accept or decline, by its verified address'),
  }),
};

/** Which invite, as its person knows it: from `invite-list`, or by the code that was mailed. */
const byIdOrCode = z.union([z.object({ inviteId }), z.object({ code: inviteCode })], {
  error: 'must hold an inviteId, or the code from the mail',
});

export const inviteAccept = {
  input: byIdOrCode,
  output: z.object({ inviteId, state: now('accepted'), teamId, teamName, role: teamRole }),
};

export const inviteDecline = {
  input: byIdOrCode,
  output: z.object({ inviteId, state: now('declined') }),
};

export const inviteRevoke = {
  input: z.object({ inviteId }),
  output: z.object({ inviteId, state: now('revoked') }),
};

export const inviteConfirm = {
  input: z.object({
    inviteId,
    publicKeyFingerprint: fingerprint.describe(
      'Of the key that the group keys are wrapped to: the one that was compared with its owner',
    ),
    links: z
      .array(
        z.object({
          groupId,
          keyEpoch,
          encSymmetricKey: wrappedGroupKey,
          role: role.optional().describe('Admin for an admin of the team, editor for others, unless given'),
          oldKeys,
        }),
      )
      .max(limits.teamGroups)
      .refine((links) => new Set(links.map((link) => link.groupId)).size === links.length, {
        message: 'must name each group once',
      })
      .refine((links) => links.reduce((sum, link) => sum + link.oldKeys.length, 0) <= limits.confirmOldKeys, {
        message: `must hold at most ${limits.confirmOldKeys} old keys in all: leave groups to link-create`,
      })
      .describe('The keys of the team’s groups, as many as the caller has'),
  }),
  output: z.object({
    inviteId,
    state: now('confirmed'),
    accountId,
    granted: z.array(groupId).describe('Groups it can open now'),
    waiting: z.array(groupId).describe('Groups of the team it still has no key to'),
  }),
};
