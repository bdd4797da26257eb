import * as z from 'zod';
import { accountId, email, groupId, keyEpoch, name, personNames, role, time, toldKey } from './fields.ts';
import { limits } from './limits.ts';

export const teamId = z
  .string()
  .regex(/^team_[0-9a-f]{32}$/, { message: 'must be a team id (team_ and 32 hex characters)' })
  .describe('The team');

export const teamRole = z
  .enum(['admin', 'member'])
  .describe('What somebody may in the team: an admin decides who is in it');
export type TeamRole = z.infer<typeof teamRole>;

export const teamName = name.describe('Name of the team');
const newName = teamName
  .refine((value) => value.trim() !== '', { message: 'must not be empty' })
  .describe('Name of the team');

const team = z.object({
  id: teamId,
  name: teamName,
  personal: z.boolean().describe('The caller’s own: it cannot be joined, left or deleted'),
  role: teamRole,
  members: z.int().describe('How many are in it'),
  created: time,
});

export const teamCreate = { input: z.object({ name: newName }), output: team };

export const teamList = {
  input: z.object({}),
  output: z.object({ teams: z.array(team).describe('The personal team first, then by name') }),
};

export const teamUpdate = {
  input: z.object({ teamId, name: newName }),
  output: z.object({ id: teamId, name: teamName }),
};

/** Somebody to wrap a key to, once the fingerprint has been compared with its owner. */
export const teamPerson = z.object({ accountId, email, ...personNames, ...toldKey });

export const teamMembersList = {
  input: z.object({ teamId }),
  output: z.object({
    members: z
      .array(teamPerson.omit({ publicKey: true }).extend({ role: teamRole, joined: time }))
      .describe('Who joined first comes first'),
  }),
};

export const teamMemberRole = {
  input: z.object({ teamId, accountId, role: teamRole }),
  output: z.object({ accountId, role: teamRole }),
};

const handOver = z
  .array(
    z.object({
      groupId,
      to: accountId.nullable().describe('Who has a key of the group and becomes its admin; null deletes the group'),
    }),
  )
  .max(limits.teamGroups)
  .refine((list) => new Set(list.map((each) => each.groupId)).size === list.length, {
    message: 'must name each group once',
  })
  .default([])
  .describe('What becomes of groups that nobody else of the team could go on with');

const rotationRequired = z
  .array(z.object({ groupId, name, keyEpoch }))
  .describe('Groups whose key the one who went has had: nothing is written to them until it has been rotated');

export const teamMemberRemove = {
  input: z.object({ teamId, accountId, handOver }),
  output: z.object({ accountId, rotationRequired }),
};

export const teamLeave = {
  input: z.object({ teamId, handOver }),
  output: z.object({ left: z.literal(true).describe('The caller is out'), rotationRequired }),
};

export const teamDelete = {
  input: z.object({ teamId }),
  output: z.object({ deleted: z.literal(true).describe('The team is no more') }),
};

export const teamWaiting = {
  input: z.object({
    teamId,
    after: groupId.optional().describe('The `next` of the page before'),
  }),
  output: z.object({
    groups: z
      .array(z.object({ groupId, name, keyEpoch, role, waiting: z.array(accountId).describe('Who waits') }))
      .describe('Groups whose key the caller has and may grant, and for which somebody waits'),
    people: z.array(teamPerson.extend({ role: teamRole })).describe('Everybody who waits'),
    next: groupId.nullable().describe('For `after`; null when that was all'),
  }),
};
