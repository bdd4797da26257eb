import * as z from 'zod';
import { accountId, clientId, email, groupId, keyEpoch, name, role, wrappedGroupKey } from './fields.ts';

/** `needs-rekey`: the member's key changed, an admin must wrap the group key for it again. */
export const linkState = z.enum(['active', 'needs-rekey']);
export type LinkState = z.infer<typeof linkState>;

const revision = z.int().min(0);

export const groupCreate = {
  input: z.object({
    name,
    parentResourceId: clientId.nullish().transform((id) => id ?? null),
    encSymmetricKey: wrappedGroupKey,
  }),
  output: z.object({
    id: groupId,
    name,
    parentResourceId: clientId.nullable(),
    keyEpoch,
    revision,
    role,
  }),
};

export const groupList = {
  input: z.object({}),
  output: z.object({
    groups: z.array(
      z.object({
        id: groupId,
        name,
        parentResourceId: clientId.nullable(),
        teamId: z.string().nullable(),
        role,
        keyEpoch,
        revision,
        encSymmetricKey: wrappedGroupKey,
        linkState,
      }),
    ),
  }),
};

const memberKeys = z
  .array(z.object({ accountId, encSymmetricKey: wrappedGroupKey }))
  .min(1)
  .max(200)
  .refine((links) => new Set(links.map((link) => link.accountId)).size === links.length, {
    message: 'must name each account once',
  });

export const groupRotateKey = {
  input: z.object({ groupId, baseKeyEpoch: keyEpoch, links: memberKeys }),
  output: z.object({ keyEpoch }),
};

export const linkCreate = {
  input: z.object({ groupId, accountId, role, encSymmetricKey: wrappedGroupKey, keyEpoch }),
  output: z.object({ accountId, role, keyEpoch, state: linkState }),
};

export const linkList = {
  input: z.object({ groupId }),
  output: z.object({
    links: z.array(z.object({ accountId, email, firstName: name, lastName: name, role, keyEpoch, state: linkState })),
  }),
};

export const linkRevoke = {
  input: z.object({ groupId, accountId }),
  output: z.object({ rotationRequired: z.literal(true) }),
};
