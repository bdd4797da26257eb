import type { Context } from '../../shared/platform/context.ts';
import type { Stored } from '../../shared/store/database.ts';
import { type Session, sessions } from '../../shared/store/sessions.ts';
import { type Token, tokens } from '../../shared/store/tokens.ts';

/** What opens an account, or changes it, without its passphrase: to end with whatever made it doubtful. */
export interface Access {
  /** Expired ones that are not swept yet, too. */
  readonly sessions: readonly Stored<Pick<Session, 'accountId'>>[];
  /** Every link and code that was mailed. */
  readonly tokens: readonly Stored<Pick<Token, 'accountId'>>[];
}

export async function accessTo(accountId: string, { database }: Pick<Context, 'database'>): Promise<Access> {
  const where = [['accountId', '==', accountId]] as const;
  const [open, mailed] = await Promise.all([
    database.list({ collection: sessions, where, fields: ['accountId'] }),
    database.list({ collection: tokens, where, fields: ['accountId'] }),
  ]);
  return { sessions: open, tokens: mailed };
}
