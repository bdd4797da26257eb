import * as z from 'zod';
import { accountId, email, groupId } from './fields.ts';
import { limits } from './limits.ts';
import { ownerProof } from './passphrase.ts';

/** The answer is one JSON document, streamed; docs/leaving.md says what is in it. */
export const accountExport = { input: z.object({}) };

export const accountDeleteCodeSend = {
  input: z.object({ email }),
  output: z.object({ status: z.literal('code-sent').describe('For every address the same') }),
};

/** What becomes of a group that would be left without an admin. */
const groupChoice = z.discriminatedUnion('action', [
  z.object({ groupId, action: z.literal('delete').describe('It is deleted for everybody') }),
  z.object({
    groupId,
    action: z.literal('transfer').describe('Somebody else becomes its admin'),
    to: accountId.describe('A member whose link is active: it becomes admin'),
  }),
]);
export type GroupChoice = z.output<typeof groupChoice>;

export const accountDelete = {
  input: z.object({
    proof: ownerProof.describe('Names the account, too; a code is one of account-delete-code-send'),
    groups: z
      .array(groupChoice)
      .max(limits.departingGroups)
      .refine((choices) => new Set(choices.map((choice) => choice.groupId)).size === choices.length, {
        message: 'must name each group once',
      })
      .default([])
      .describe('What becomes of each group that would be left without an admin'),
  }),
  output: z.object({
    deleted: z.literal(true).describe('The account is no more'),
    groupsDeleted: z.int().min(0).describe('How many groups went with it'),
    groupsTransferred: z.int().min(0).describe('How many have another admin now'),
    groupsLeft: z.int().min(0).describe('How many go on as they were'),
  }),
};
