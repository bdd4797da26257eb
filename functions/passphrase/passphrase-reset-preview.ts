import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { passphraseResetPreview as wire } from '../../shared/protocol/passphrase.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { byName } from '../group/by-name.ts';
import { namesOf } from '../group/grantors.ts';
import { resetImpact, resetTarget } from './reset-impact.ts';

export const passphraseResetPreview = httpFunction('passphrase-reset-preview', {
  POST: publicOperation({
    summary:
      'What a reset would cost: the groups nobody else can open, and who can open the others again. Changes nothing',
    ...wire,
    success: 200,
    problems: ['TOKEN_EXPIRED'],
    rules: [rateRules.resetTokenByAddress],
    handle: ({ token }, context) => preview(token, context),
  }),
});

async function preview(token: string, context: Context) {
  const { found, account } = await resetTarget(token, context);
  const impacts = (await resetImpact(account.id, context)).filter(({ group }) => group.data.deletedAt === null);
  const name = await namesOf(
    impacts.flatMap(({ grantedBy }) => grantedBy),
    context.database,
  );
  const listed = impacts.map(({ group, link, grantedBy }) => ({
    id: group.id,
    name: group.data.name,
    role: link.data.role,
    outcome: grantedBy.length === 0 ? ('lost' as const) : ('kept' as const),
    grantedBy: name(grantedBy),
  }));
  const groups = listed.sort(byName);
  return { email: account.data.email, expires: found.data.expires, groups };
}
