import * as z from 'zod';
import { accountId, email, fingerprint, groupId, keyEpoch, name, role, time, wrappedGroupKey } from './fields.ts';
import { oldKeys } from './group.ts';
import { limits } from './limits.ts';
import { teamId, teamPerson, teamRole } from './team.ts';

/**
 * `pending`: nobody has accepted it yet. `accepted`: its person is in the team and waits for keys. `confirmed`: an admin
 * has compared fingerprints and given the keys. `revoked` by the team, `declined` by the invited, or `expired`.
 */
export const inviteState = z.enum(['pending', 'accepted', 'confirmed', 'revoked', 'declined', 'expired']);
export type InviteState = z.infer<typeof inviteState>;

export const inviteId = z
  .string()
  .regex(/^inv_[0-9a-f]{32}$/, { message: 'must be an invite id (inv_ and 32 hex characters)' });

export const inviteCode = z.string().regex(/^[A-Za-z0-9_-]{43}$/, { message: 'must be the code from the mail' });

export const inviteCreate = {
  input: z.object({ teamId, email, role: teamRole.default('member') }),
  output: z.object({ inviteId, state: z.literal('pending'), expires: time }),
};

/** Who invites, as the invited sees it. */
const inviter = z.object({ email, firstName: name, lastName: name });

export const inviteList = {
  input: z.object({
    /** The invites of this team only. */
    teamId: teamId.optional(),
  }),
  output: z.object({
    /** Of the teams that the caller is an admin of, the newest first. */
    sent: z.array(
      z.object({
        inviteId,
        teamId,
        email,
        role: teamRole,
        state: inviteState,
        created: time,
        expires: time,
        /** Of an accepted one: whose fingerprint to compare, and the key to wrap to. */
        accepted: teamPerson.optional(),
      }),
    ),
    /** That wait for the caller to accept or decline, by its verified address. */
    received: z.array(
      z.object({ inviteId, teamId, teamName: name, role: teamRole, invitedBy: inviter, created: time, expires: time }),
    ),
  }),
};

/** Which invite, as its person knows it: from `invite-list`, or by the code that was mailed. */
const byIdOrCode = z.union([z.object({ inviteId }), z.object({ code: inviteCode })], {
  error: 'must hold an inviteId, or the code from the mail',
});

export const inviteAccept = {
  input: byIdOrCode,
  output: z.object({ inviteId, state: z.literal('accepted'), teamId, teamName: name, role: teamRole }),
};

export const inviteDecline = {
  input: byIdOrCode,
  output: z.object({ inviteId, state: z.literal('declined') }),
};

export const inviteRevoke = {
  input: z.object({ inviteId }),
  output: z.object({ inviteId, state: z.literal('revoked') }),
};

export const inviteConfirm = {
  input: z.object({
    inviteId,
    /** Of the key that the group keys are wrapped to: the one that was compared with its owner. */
    publicKeyFingerprint: fingerprint,
    /** The keys of the team's groups, as many as the caller has. */
    links: z
      .array(
        z.object({
          groupId,
          keyEpoch,
          encSymmetricKey: wrappedGroupKey,
          /** Admin for an admin of the team, editor for others, unless said. */
          role: role.optional(),
          oldKeys,
        }),
      )
      .max(limits.teamGroups)
      .refine((links) => new Set(links.map((link) => link.groupId)).size === links.length, {
        message: 'must name each group once',
      })
      .refine((links) => links.reduce((sum, link) => sum + link.oldKeys.length, 0) <= limits.confirmOldKeys, {
        message: `must hold at most ${limits.confirmOldKeys} old keys in all: leave groups to link-create`,
      }),
  }),
  output: z.object({
    inviteId,
    state: z.literal('confirmed'),
    accountId,
    /** Groups it can open now. */
    granted: z.array(groupId),
    /** Groups of the team it still has no key to. */
    waiting: z.array(groupId),
  }),
};
