import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '../protocol/problems.ts';
import type { Secrets } from './secrets.ts';

/** The analytics write keys: whoever shows one may send events, and nothing else. Clients carry it, so it is no secret for long. */
export interface WriteKeys {
  accepts(key: string): Promise<boolean>;
}

/** Valid at once, so that a new key can be given out before the old one ends. */
const mostKeys = 2;

/** The newest version of the secret holds one key, or the new and the old one, in lines. */
export function writeKeys(secrets: Secrets): WriteKeys {
  return {
    accepts: async (key) => {
      const { bytes } = await secrets.current('analytics-write-keys');
      const keys = Buffer.from(bytes).toString('utf8').split(/\s+/).filter(Boolean).slice(0, mostKeys);
      return keys.some((each) => timingSafeEqual(digest(each), digest(key)));
    },
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * RFC 7617, the key as user name (a password is not looked at); or, where a call has no such header, `writeKey` in its
 * body, as some versions of Segment's library send it.
 * @throws Problem `WRITE_KEY_INVALID`
 */
export async function requireWriteKey(
  authorization: string | undefined,
  body: { readonly writeKey?: unknown },
  keys: WriteKeys,
): Promise<void> {
  const key = authorization === undefined ? body.writeKey : userNameOf(authorization);
  if (typeof key !== 'string') {
    throw new Problem('WRITE_KEY_INVALID', 'This call carries no write key, in Basic authentication or in its body.');
  }
  if (!(await keys.accepts(key))) throw new Problem('WRITE_KEY_INVALID', 'The write key is none of this deployment.');
}

function userNameOf(authorization: string): string | undefined {
  const credentials = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization)?.[1];
  return credentials && Buffer.from(credentials, 'base64').toString('utf8').split(':')[0];
}
