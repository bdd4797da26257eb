import { randomBytes } from 'node:crypto';
import { sealHandshake } from '../../functions/login/handshake-state.ts';
import type { Platform } from '../../shared/platform/context.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { defaultProfile } from '../../shared/protocol/profiles.ts';
import { jsonRequest, serveInProcess } from './in-process.ts';
import { beginLogin, type Person } from './people.ts';
import type { Call, TestStack } from './stack.ts';

type Credentials = Pick<Person, 'email' | 'authSecret'>;

/** From where and when a login comes. */
export interface Origin {
  readonly address: string;
  readonly now: number;
}

/** The platform at a moment that does not pass. */
export const at = <P extends Platform>(platform: P, now: number): P => ({ ...platform, clock: { now: () => now } });

/** One login with the right passphrase. */
export async function logInFrom(stack: TestStack, person: Credentials, { address, now }: Origin) {
  const still = at(stack.platform, now);
  const call = async (name: string, { body = {} }: Call = {}) => {
    const answer = await serveInProcess(name, { ...jsonRequest(body), address }, still);
    return { ...answer, headers: new Headers(answer.headers) };
  };
  const { body } = await beginLogin({ call }, person);
  return call('login-finish', { body });
}

/** One wrong proof, with a handshake of its own as login-start seals it; whether the address is known is not told. */
export async function guessFrom(platform: Platform, email: string, { address, now }: Origin) {
  const still = at(platform, now);
  const context = { ...still, requestId: 'guess-00', address, commit: async <T>(output: T) => output };
  const [srpA, srpB, b] = ['2', '3', '4'].map((digit) => digit.padStart(512, '0'));
  const state = { loginId: sha256Hex(email), profile: defaultProfile, srpA: srpA ?? '', srpB: srpB ?? '', b: b ?? '' };
  const body = { sessionStarterId: await sealHandshake(context, state), srpM1: randomBytes(32).toString('hex') };
  return serveInProcess('login-finish', { ...jsonRequest(body), address }, still);
}

/** The same platform, telling how often a login's proof was verified: each time the account's verifier is opened. */
export function countingVerifications<P extends Platform>(platform: P): { platform: P; verified: () => number } {
  let count = 0;
  const { sealer } = platform;
  const open: typeof sealer.open = (name, ...rest) => {
    if (name === 'verifier-key') count += 1;
    return sealer.open(name, ...rest);
  };
  return { platform: { ...platform, sealer: { ...sealer, open } }, verified: () => count };
}
