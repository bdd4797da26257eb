import { Problem } from '../protocol/problems.ts';
import type { Database } from '../store/database.ts';
import { sessions } from '../store/sessions.ts';
import type { Caller } from './context.ts';
import { sha256Hex } from './hash.ts';

/** The session key K of SRP, which doubles as the session's token: 64 hex characters. */
const tokenShape = /^[0-9a-f]{64}$/;

/** Key of the session that a token opens. */
export const sessionIdOf = (token: string): string => sha256Hex(token);

/**
 * The caller behind `Authorization: Bearer TOKEN` or `X-Session-Id: TOKEN`. One read.
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
  const { accountId, created, expires } = session.data;
  return { accountId, sessionId, sessionCreated: created, sessionExpires: expires };
}
