import type { Context } from '../../shared/platform/context.ts';
import { networkOf } from '../../shared/platform/network.ts';
import { exceed } from '../../shared/platform/rate-limit.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { type Ref, set, type Write } from '../../shared/store/database.ts';
import { type Handshake, handshakes } from '../../shared/store/handshakes.ts';
import type { HandshakeState } from './handshake-state.ts';

/** One try to prove a passphrase, as stored before it is known whether it succeeds. */
export interface Attempt {
  readonly loginId: string;
  readonly ref: Ref<Handshake>;
  readonly data: Handshake;
}

const { loginByEmailAndAddress: byPair, loginByEmail: byEmail } = rateRules;
const windowMs = { pair: byPair.windowSeconds * 1000, email: byEmail.windowSeconds * 1000 };

export async function newAttempt(
  { nonce, loginId }: HandshakeState,
  { sealer, clock, address }: Context,
): Promise<Attempt> {
  const hashed = await sealer.derive('salt-key', 'login and network', `${loginId} ${networkOf(address)}`, 16);
  const at = clock.now();
  const expiresAt = new Date(at + Math.max(windowMs.pair, windowMs.email, 2 * lifetimes.handshake));
  const from = Buffer.from(hashed).toString('hex');
  const data = { from, at, outcome: 'wrong', expiresAt } as const;
  return { loginId, ref: handshakes(loginId).doc(nonce), data };
}

/** Takes an attempt out of the count. A right one makes its network known to the account for as long as a session. */
export function settle({ ref, data }: Attempt, outcome: 'right' | 'unverified'): Write {
  const expiresAt = outcome === 'right' ? new Date(data.at + lifetimes.session) : data.expiresAt;
  return set(ref, { ...data, outcome, expiresAt });
}

/**
 * To be asked after the attempt is committed and before it is verified: it stands for a wrong guess until proved right,
 * so of any number of parallel guesses no more than the limit are verified. Nothing here is written by two callers, so
 * no number of guesses makes another caller wait.
 *
 * Reads: one where nothing was wrong of late, at most `byPair.limit` + 3.
 * @throws Problem `RATE_LIMITED`
 */
export async function refuseGuessing({ loginId, data: { from, at } }: Attempt, context: Context): Promise<void> {
  const { database } = context;
  const collection = handshakes(loginId);
  const wrong = await database.list({
    collection,
    where: [['from', '==', from], wrongly, ['at', '>', at - windowMs.pair]],
    orderBy: 'at',
    descending: true,
    limit: byPair.limit + 1,
    fields: ['at'],
  });
  if (wrong.length <= 1) return;

  const [lastRight] = await database.list({
    collection,
    where: [
      ['from', '==', from],
      ['outcome', '==', 'right'],
      ['at', '>', at - lifetimes.session],
    ],
    orderBy: 'at',
    descending: true,
    limit: 1,
    fields: ['at'],
  });
  const since = lastRight?.data.at ?? 0;
  const counted = wrong.filter((each) => each.data.at > since);
  const oldest = counted[byPair.limit - 1];
  if (counted.length > byPair.limit && oldest !== undefined) exceed(byPair, oldest.data.at + windowMs.pair, context);
  if (lastRight !== undefined) return;

  const everywhere = await database.count({
    collection,
    where: [wrongly, ['at', '>', at - windowMs.email]],
    limit: byEmail.limit + 1,
  });
  if (everywhere > byEmail.limit) exceed(byEmail, at + windowMs.pair, context);
}

const wrongly = ['outcome', '==', 'wrong'] as const;
