import { lifetimes } from '../protocol/limits.ts';
import { Problem } from '../protocol/problems.ts';
import { CommitConflict, type Database, type Stored, update } from '../store/database.ts';
import { type Session, sessions } from '../store/sessions.ts';
import type { Caller } from './context.ts';
import { sha256Hex } from './hash.ts';

/** The session key K of SRP, which doubles as the session's token: 64 hex characters. */
const tokenShape = /^[0-9a-f]{64}$/;

/** Key of the session that a token opens. */
export const sessionIdOf = (token: string): string => sha256Hex(token);

/**
 * The caller behind `Authorization: Bearer TOKEN` or `X-Session-Id: TOKEN`. One read; one write on a session's first use in a day.
 * @throws Problem `UNAUTHENTICATED`
 */
export async function authenticate(
  headers: Readonly<Record<string, string | undefined>>,
  database: Database,
  now: number,
): Promise<Caller> {
  const token = /^Bearer +([^ ]+) *$/i.exec(headers.authorization ?? '')?.[1] ?? headers['x-session-id'];
  if (token === undefined) throw new Problem('UNAUTHENTICATED', 'This call carries no session token.');
  if (!tokenShape.test(token)) {
    throw new Problem('UNAUTHENTICATED', 'The session token must be 64 lower-case hex characters.');
  }
  const sessionId = sessionIdOf(token);
  const [session] = await database.get(sessions.doc(sessionId));
  if (session === undefined || session.data.expires <= now) {
    throw new Problem('UNAUTHENTICATED', 'This session has ended. Log in again.');
  }
  const { accountId, created } = session.data;
  const sessionExpires = await slide(session, database, now);
  return { accountId, sessionId, sessionCreated: created, sessionExpires };
}

/** A session lives on from its last use, noted once a day. @returns when it now ends */
async function slide(session: Stored<Session>, database: Database, now: number): Promise<number> {
  if (now - session.data.lastUsed < lifetimes.sessionUse) return session.data.expires;
  const expires = now + lifetimes.session;
  try {
    await database.commit([update(session, { lastUsed: now, expires, expiresAt: new Date(expires) })]);
    return expires;
  } catch (error) {
    // Another call of the same session has noted it, or ended it.
    if (error instanceof CommitConflict) return session.data.expires;
    throw error;
  }
}
