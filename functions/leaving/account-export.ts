import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { type Bytes, streamOperation } from '../../shared/platform/operation.ts';
import { accountExport as wire } from '../../shared/protocol/leaving.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import type { Account } from '../../shared/store/accounts.ts';
import type { Stored } from '../../shared/store/database.ts';
import { allLinks } from '../../shared/store/groups.ts';
import { ownAccount } from '../account/own-account.ts';
import { streaming } from '../blob/streaming.ts';
import { exportText } from './export-text.ts';
import { mineEverywhere, type Owner } from './holding.ts';

export const accountExport = httpFunction(
  'account-export',
  {
    GET: streamOperation({
      summary: 'Everything the server holds of the caller, as one JSON document: docs/leaving.md says how to read it',
      about: 'Streamed: it has no length, and breaks off when something fails. What is in it: docs/leaving.md.',
      ...wire,
      success: 200,
      rules: [rateRules.exportByAccount],
      handle: (_input, context) => begin(context),
    }),
  },
  // An account at its quota is some gigabytes. One stream adds some 60 MiB at its peak, for a page of the largest resources.
  { secrets: ['analytics-id-key'], resources: { ...streaming, concurrency: 2, timeoutSeconds: 3_600 } },
);

/** Whoever holds a session can take everything out, so the owner finds on record that it was done. */
async function begin(context: SessionContext): Promise<Bytes> {
  const account = await ownAccount(context);
  await context.database.commit([audit(context, account.id, 'account-exported')]);
  return exportText(await ownerOf(account, context), context);
}

async function ownerOf({ id, data }: Stored<Account>, { database }: SessionContext): Promise<Owner> {
  const groupIds: string[] = [];
  for await (const page of mineEverywhere(allLinks)({ accountId: id }, { database })) {
    groupIds.push(...page.map((link) => link.data.groupId));
  }
  return { accountId: id, emails: emailsOf(data), groupIds };
}

/** The address, and those it had while what was mailed there may be on record. */
export const emailsOf = ({ email, formerEmails = [] }: Account): string[] => [
  ...new Set([email, ...formerEmails.map((former) => former.email)]),
];
