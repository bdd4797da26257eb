import * as z from 'zod';
import type { Context } from '../../shared/platform/context.ts';
import { profileId } from '../../shared/protocol/account.ts';
import { hex } from '../../shared/protocol/fields.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';

/** What login-finish must know of login-start. It travels to the client and back, sealed; nothing is stored. */
const handshakeState = z.object({
  /** Names the handshake: login-finish claims it. */
  nonce: hex(32),
  loginId: hex(64),
  profile: profileId,
  srpA: z.string(),
  srpB: z.string(),
  /** The server's ephemeral secret. */
  b: z.string(),
  expires: z.int(),
});
export type HandshakeState = z.infer<typeof handshakeState>;

const purpose = 'login handshake';

export async function sealHandshake(
  { sealer, random, clock }: Context,
  state: Omit<HandshakeState, 'nonce' | 'expires'>,
): Promise<string> {
  const nonce = Buffer.from(random(16)).toString('hex');
  const whole: HandshakeState = { ...state, nonce, expires: clock.now() + lifetimes.handshake };
  return sealer.seal('state-key', purpose, '', Buffer.from(JSON.stringify(whole)));
}

/** `undefined` when it is not ours, was changed, or is too old. */
export async function openHandshake({ sealer, clock }: Context, sealed: string): Promise<HandshakeState | undefined> {
  const opened = await sealer.open('state-key', purpose, '', sealed);
  if (opened === undefined) return undefined;
  const state = handshakeState.parse(JSON.parse(Buffer.from(opened).toString('utf8')));
  return state.expires > clock.now() ? state : undefined;
}
