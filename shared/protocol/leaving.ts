import * as z from 'zod';
import { accountId, email, groupId } from './fields.ts';
import { limits } from './limits.ts';
import { ownerProof } from './passphrase.ts';

/** The answer is one JSON document, streamed; docs/leaving.md says what is in it. */
export const accountExport = { input: z.object({}) };

export const accountDeleteCodeSend = {
  input: z.object({ email }),
  output: z.object({ status: z.literal('code-sent') }),
};

/** What becomes of a group that would be left without an admin. */
const groupChoice = z.discriminatedUnion('action', [
  z.object({ groupId, action: z.literal('delete') }),
  /** `to`: a member whose link is active. It becomes admin. */
  z.object({ groupId, action: z.literal('transfer'), to: accountId }),
]);
export type GroupChoice = z.output<typeof groupChoice>;

export const accountDelete = {
  input: z.object({
    /** Names the account, too. A code is one of account-delete-code-send. */
    proof: ownerProof,
    groups: z
      .array(groupChoice)
      .max(limits.departingGroups)
      .refine((choices) => new Set(choices.map((choice) => choice.groupId)).size === choices.length, {
        message: 'must name each group once',
      })
      .default([]),
  }),
  output: z.object({
    deleted: z.literal(true),
    groupsDeleted: z.int().min(0),
    groupsTransferred: z.int().min(0),
    groupsLeft: z.int().min(0),
  }),
};
