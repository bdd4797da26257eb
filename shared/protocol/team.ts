import * as z from 'zod';
import { accountId, email, groupId, keyEpoch, name, role, time } from './fields.ts';
import { limits } from './limits.ts';

export const teamId = z
  .string()
  .regex(/^team_[0-9a-f]{32}$/, { message: 'must be a team id (team_ and 32 hex characters)' });

export const teamRole = z.enum(['admin', 'member']);
export type TeamRole = z.infer<typeof teamRole>;

const teamName = name.refine((value) => value.trim() !== '', { message: 'must not be empty' });

const team = z.object({
  id: teamId,
  name,
  /** The caller's own: it cannot be joined, left or deleted. */
  personal: z.boolean(),
  /** The caller's. */
  role: teamRole,
  members: z.int(),
  created: time,
});

export const teamCreate = { input: z.object({ name: teamName }), output: team };

/** The personal team first, then by name. */
export const teamList = { input: z.object({}), output: z.object({ teams: z.array(team) }) };

export const teamUpdate = {
  input: z.object({ teamId, name: teamName }),
  output: z.object({ id: teamId, name }),
};

/** Somebody to wrap a key to, once the fingerprint has been compared with its owner. */
const person = z.object({
  accountId,
  email,
  firstName: name,
  lastName: name,
  publicKey: z.string(),
  /** RFC 7638 thumbprint of the key. */
  fingerprint: z.string(),
});
export const teamPerson = person;

export const teamMembersList = {
  input: z.object({ teamId }),
  output: z.object({
    /** Who joined first comes first. */
    members: z.array(person.omit({ publicKey: true }).extend({ role: teamRole, joined: time })),
  }),
};

export const teamMemberRole = {
  input: z.object({ teamId, accountId, role: teamRole }),
  output: z.object({ accountId, role: teamRole }),
};

/** What becomes of groups that nobody else of the team could go on with. */
const handOver = z
  .array(
    z.object({
      groupId,
      /** Holds a key of the group, and becomes its admin; null deletes the group. */
      to: accountId.nullable(),
    }),
  )
  .max(limits.teamGroups)
  .refine((list) => new Set(list.map((each) => each.groupId)).size === list.length, {
    message: 'must name each group once',
  })
  .default([]);

/** Groups whose key the one who went has had: nothing is written to them until it has been rotated. */
const rotationRequired = z.array(z.object({ groupId, name, keyEpoch }));

export const teamMemberRemove = {
  input: z.object({ teamId, accountId, handOver }),
  output: z.object({ accountId, rotationRequired }),
};

export const teamLeave = {
  input: z.object({ teamId, handOver }),
  output: z.object({ left: z.literal(true), rotationRequired }),
};

export const teamDelete = {
  input: z.object({ teamId }),
  output: z.object({ deleted: z.literal(true) }),
};

export const teamWaiting = {
  input: z.object({
    teamId,
    /** A page's `next`. */
    after: groupId.optional(),
  }),
  output: z.object({
    /** Groups whose key the caller has and may grant, and for which somebody waits. */
    groups: z.array(z.object({ groupId, name, keyEpoch, role, waiting: z.array(accountId) })),
    /** Everybody named there. */
    people: z.array(person.extend({ role: teamRole })),
    /** For `after`; null when that was all. */
    next: groupId.nullable(),
  }),
};
