import * as z from 'zod';
import { revision } from './changes.ts';
import {
  accountId,
  clientId,
  email,
  fingerprint,
  groupId,
  keyEpoch,
  name,
  personNames,
  role,
  rotationRequired,
  time,
  toldKey,
  wrappedGroupKey,
} from './fields.ts';
import { limits } from './limits.ts';
import { teamId } from './team.ts';

export const linkState = z
  .enum(['active', 'needs-rekey'])
  .describe('`needs-rekey`: the member has new keys, and waits until an admin wraps the group key to them');
export type LinkState = z.infer<typeof linkState>;

export const grantedBy = z
  .array(z.object({ accountId, ...personNames }))
  .describe('Who can grant the group’s key to somebody who waits for it');

const groupName = name.describe('Name of the group');
const newName = groupName
  .refine((value) => value.trim() !== '', { message: 'must not be empty' })
  .describe('Name of the group');
const parentResourceId = clientId.describe('The project that the group is of, if any');

export const groupCreate = {
  input: z.object({
    name: newName,
    parentResourceId: parentResourceId
      .nullish()
      .transform((id) => id ?? null)
      .describe('The project that the group is of: an account makes one group for it, however often it asks'),
    encSymmetricKey: wrappedGroupKey,
    teamId: teamId.optional().describe('A team the caller is in; the personal one unless given'),
  }),
  output: z.object({
    id: groupId,
    name: groupName,
    parentResourceId: parentResourceId.nullable(),
    teamId,
    keyEpoch,
    revision,
    role,
    existing: z
      .boolean()
      .describe(
        'The account had made a group for this parent already: this is it, and the key that was sent is not used',
      ),
    encSymmetricKey: wrappedGroupKey,
  }),
};

const listedGroup = z.object({
  id: groupId,
  name: groupName,
  parentResourceId: parentResourceId.nullable(),
  teamId,
  keyEpoch,
  revision,
  rotationRequired,
});

const deletedAt = time.describe('When it was deleted: milliseconds since 1970');
const restorableUntil = time.describe('Until when it can be restored: milliseconds since 1970');

const linkedGroup = listedGroup.extend({
  role,
  encSymmetricKey: wrappedGroupKey,
  linkState,
  lost: z
    .boolean()
    .optional()
    .describe('Of one whose key waits to be granted again: nobody can, for nobody has it any more'),
  grantedBy: grantedBy.optional(),
  deletedAt: deletedAt.optional(),
  restorableUntil: restorableUntil.optional(),
});

/** A group of a team of the caller's whose key nobody has wrapped to the caller yet. */
const waitingGroup = listedGroup.extend({
  linkState: z.literal('waiting-for-key').describe('Nobody has wrapped its key to the caller yet'),
  grantedBy,
});

export const groupList = {
  input: z.object({
    deleted: z
      .enum(['true', 'false'])
      .default('false')
      .describe('`true` for those that are deleted and can be restored'),
  }),
  output: z.object({
    groups: z
      .array(z.discriminatedUnion('linkState', [linkedGroup, waitingGroup]))
      .describe('`waiting-for-key`: of a team of the caller’s, and nobody has wrapped its key to the caller yet'),
  }),
};

export const groupUpdate = {
  input: z.object({ groupId, name: newName }),
  output: z.object({ id: groupId, name: groupName }),
};

export const groupDelete = {
  input: z.object({ groupId }),
  output: z.object({ deletedAt, restorableUntil }),
};

export const groupRestore = {
  input: z.object({ groupId }),
  output: z.object({ id: groupId, name: groupName }),
};

export const groupLeave = {
  input: z.object({ groupId }),
  output: z.object({ left: z.literal(true).describe('The caller has no link to the group any more') }),
};

const memberKeys = z
  .array(z.object({ accountId, encSymmetricKey: wrappedGroupKey }))
  .min(1)
  .max(limits.groupMembers)
  .refine((links) => new Set(links.map((link) => link.accountId)).size === links.length, {
    message: 'must name each account once',
  })
  .describe('The new key, wrapped to every member there is and to nobody else');

export const groupRotateKey = {
  input: z.object({
    groupId,
    baseKeyEpoch: keyEpoch.describe('The epoch that stands: the new key becomes the next'),
    links: memberKeys,
  }),
  output: z.object({ keyEpoch }),
};

const wrappedKey = z.object({ keyEpoch, encSymmetricKey: wrappedGroupKey });

export const oldKeys = z
  .array(wrappedKey)
  .max(limits.linkOldKeys)
  .refine((keys) => new Set(keys.map((key) => key.keyEpoch)).size === keys.length, {
    message: 'must name each key epoch once',
  })
  .default([])
  .describe('Keys of earlier epochs, for the same account: what was written under them cannot be read without');

export const linkCreate = {
  input: z.object({
    groupId,
    accountId,
    role,
    encSymmetricKey: wrappedGroupKey,
    keyEpoch,
    oldKeys,
    publicKeyFingerprint: fingerprint
      .optional()
      .describe('Of the key that was wrapped to: given, a key that has changed since is refused'),
  }),
  output: z.object({ accountId, role, keyEpoch, state: linkState }),
};

export const linkList = {
  input: z.object({ groupId }),
  output: z.object({
    links: z
      .array(z.object({ accountId, email, ...personNames, role, keyEpoch, state: linkState }))
      .describe('The members'),
  }),
};

export const linkUpdate = {
  input: z.object({ groupId, accountId, role }),
  output: z.object({ accountId, role }),
};

export const linkKeys = {
  input: z.object({ groupId }),
  output: z.object({
    keys: z
      .array(wrappedKey)
      .describe('Every key of the group that was ever wrapped to the caller, oldest epoch first'),
  }),
};

export const linkRevoke = {
  input: z.object({ groupId, accountId }),
  output: z.object({ rotationRequired: z.literal(true).describe(rotationRequired.description ?? '') }),
};

/** How often an account's keys have been new. */
export const generation = z.int().describe('How often the account’s keys have been new');

export const rekeyList = {
  input: z.object({}),
  output: z.object({
    waiting: z
      .array(
        z.object({
          groupId,
          groupName,
          keyEpoch,
          accountId,
          email: z.string().describe('E-mail address of who waits'),
          ...personNames,
          role,
          ...toldKey,
          generation,
        }),
      )
      .describe('Who waits for a key that the caller may grant'),
  }),
};

export const rekeyConfirm = {
  input: z.object({
    items: z
      .array(
        z.object({
          groupId,
          accountId,
          generation: generation
            .min(1)
            .describe('Of the public key that was wrapped to: a later reset makes the item void'),
          keyEpoch,
          encSymmetricKey: wrappedGroupKey,
          oldKeys,
        }),
      )
      .min(1)
      .max(limits.rekeyItems)
      .refine((items) => new Set(items.map((each) => `${each.groupId} ${each.accountId}`)).size === items.length, {
        message: 'must name each account once a group',
      })
      .describe('A key for each who waits'),
  }),
  output: z.object({ granted: z.int().describe('How many can open their group now') }),
};
