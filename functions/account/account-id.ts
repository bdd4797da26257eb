import type { Context } from '../../shared/platform/context.ts';

/** A fresh one; also stands in for the one that an unknown address has not. */
export const newAccountId = ({ random }: Pick<Context, 'random'>): string =>
  `acct_${Buffer.from(random(16)).toString('hex')}`;
