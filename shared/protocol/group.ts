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
  role,
  time,
  wrappedGroupKey,
} from './fields.ts';
import { limits } from './limits.ts';
import { teamId } from './team.ts';

/** `needs-rekey`: the member's key changed, an admin must wrap the group key for it again. */
export const linkState = z.enum(['active', 'needs-rekey']);
export type LinkState = z.infer<typeof linkState>;

/** Who can grant a group's key to somebody who waits for it. */
export const grantedBy = z.array(z.object({ accountId, firstName: name, lastName: name }));

export const groupCreate = {
  input: z.object({
    name,
    parentResourceId: clientId.nullish().transform((id) => id ?? null),
    encSymmetricKey: wrappedGroupKey,
    /** A team the caller is in; the personal one unless said. */
    teamId: teamId.optional(),
  }),
  output: z.object({
    id: groupId,
    name,
    parentResourceId: clientId.nullable(),
    teamId,
    keyEpoch,
    revision,
    role,
    /** The account had made a group for this parent already: this is it, and the key that was sent is not used. */
    existing: z.boolean(),
    /** The group's key, wrapped to the caller. */
    encSymmetricKey: wrappedGroupKey,
  }),
};

const listedGroup = z.object({
  id: groupId,
  name,
  parentResourceId: clientId.nullable(),
  teamId,
  keyEpoch,
  revision,
  rotationRequired: z.boolean(),
});

const linkedGroup = listedGroup.extend({
  role,
  encSymmetricKey: wrappedGroupKey,
  linkState,
  /** Of a group whose key waits to be granted again. `lost`: nobody can, for nobody has it any more. */
  lost: z.boolean().optional(),
  grantedBy: grantedBy.optional(),
  /** Of a deleted group only. */
  deletedAt: time.optional(),
  restorableUntil: time.optional(),
});

/** A group of a team of the caller's whose key nobody has wrapped to the caller yet. */
const waitingGroup = listedGroup.extend({ linkState: z.literal('waiting-for-key'), grantedBy });

export const groupList = {
  input: z.object({
    /** `true` for those that are deleted and can be restored. */
    deleted: z.enum(['true', 'false']).default('false'),
  }),
  output: z.object({ groups: z.array(z.discriminatedUnion('linkState', [linkedGroup, waitingGroup])) }),
};

export const groupUpdate = {
  input: z.object({ groupId, name }),
  output: z.object({ id: groupId, name }),
};

export const groupDelete = {
  input: z.object({ groupId }),
  output: z.object({ deletedAt: time, restorableUntil: time }),
};

export const groupRestore = {
  input: z.object({ groupId }),
  output: z.object({ id: groupId, name }),
};

export const groupLeave = {
  input: z.object({ groupId }),
  output: z.object({ left: z.literal(true) }),
};

const memberKeys = z
  .array(z.object({ accountId, encSymmetricKey: wrappedGroupKey }))
  .min(1)
  .max(limits.groupMembers)
  .refine((links) => new Set(links.map((link) => link.accountId)).size === links.length, {
    message: 'must name each account once',
  });

export const groupRotateKey = {
  input: z.object({ groupId, baseKeyEpoch: keyEpoch, links: memberKeys }),
  output: z.object({ keyEpoch }),
};

const wrappedKey = z.object({ keyEpoch, encSymmetricKey: wrappedGroupKey });

/** Keys of earlier epochs, wrapped to the same account: without them it cannot read what was written under them. */
export const oldKeys = z
  .array(wrappedKey)
  .max(limits.linkOldKeys)
  .refine((keys) => new Set(keys.map((key) => key.keyEpoch)).size === keys.length, {
    message: 'must name each key epoch once',
  })
  .default([]);

export const linkCreate = {
  input: z.object({
    groupId,
    accountId,
    role,
    encSymmetricKey: wrappedGroupKey,
    keyEpoch,
    oldKeys,
    /** Of the key that was wrapped to. Given, a key that has changed since is refused. */
    publicKeyFingerprint: fingerprint.optional(),
  }),
  output: z.object({ accountId, role, keyEpoch, state: linkState }),
};

export const linkList = {
  input: z.object({ groupId }),
  output: z.object({
    links: z.array(z.object({ accountId, email, firstName: name, lastName: name, role, keyEpoch, state: linkState })),
  }),
};

export const linkUpdate = {
  input: z.object({ groupId, accountId, role }),
  output: z.object({ accountId, role }),
};

/** Every key of the group that was ever wrapped to the caller, oldest epoch first. */
export const linkKeys = {
  input: z.object({ groupId }),
  output: z.object({ keys: z.array(wrappedKey) }),
};

export const linkRevoke = {
  input: z.object({ groupId, accountId }),
  output: z.object({ rotationRequired: z.literal(true) }),
};

export const rekeyList = {
  input: z.object({}),
  output: z.object({
    /** Who waits for a key that the caller may grant. */
    waiting: z.array(
      z.object({
        groupId,
        groupName: name,
        keyEpoch,
        accountId,
        email: z.string(),
        firstName: name,
        lastName: name,
        role,
        /** The new key, and its RFC 7638 thumbprint: compare it with its owner over another channel first. */
        publicKey: z.string(),
        fingerprint: z.string(),
        generation: z.int(),
      }),
    ),
  }),
};

export const rekeyConfirm = {
  input: z.object({
    items: z
      .array(
        z.object({
          groupId,
          accountId,
          /** The generation of the public key that was wrapped to: a later reset makes the item void. */
          generation: z.int().min(1),
          keyEpoch,
          encSymmetricKey: wrappedGroupKey,
          oldKeys,
        }),
      )
      .min(1)
      .max(limits.rekeyItems)
      .refine((items) => new Set(items.map((each) => `${each.groupId} ${each.accountId}`)).size === items.length, {
        message: 'must name each account once a group',
      }),
  }),
  output: z.object({ granted: z.int() }),
};
