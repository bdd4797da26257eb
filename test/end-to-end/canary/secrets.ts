import { srpEngine } from '../../../client/srp-engine/node.ts';
import { deriveKey } from '../../../shared/crypto/derive-key.ts';
import { decodeHex } from '../../../shared/crypto/hex.ts';
import { normaliseEmail } from '../../../shared/crypto/normalise.ts';
import { srpGroups } from '../../../shared/crypto/srp/groups.ts';
import { toBytes, toInteger } from '../../../shared/crypto/srp/integers.ts';
import { NodeSrpRoutines } from '../../../shared/crypto/srp/routines.ts';
import { webEngine } from '../../../shared/crypto/srp/web-engine.ts';
import { defaultProfile, profiles } from '../../../shared/protocol/profiles.ts';
import type { Cast, Played } from '../story.ts';
import type { Exchange } from '../wire-tap.ts';
import { bytesMark, keyMarks, type Mark, textMark } from './marks.ts';

/** Everything that the story made and the server must never have, from both accounts and both group keys. */
export async function secretMarks(cast: Cast, played: Played, exchanges: readonly Exchange[]): Promise<Mark[]> {
  const people = [
    { name: 'Jane', ...cast.jane, session: played.jane },
    { name: 'Bob', ...cast.bob, session: played.bob },
  ];
  const ofPeople = people.map(async ({ name, email, passphrase, session }) => {
    const { saltKey, saltAuth } = answerTo(exchanges, 'login-salts', email);
    const { iterations } = profiles[defaultProfile];
    const authSecret = await deriveKey(passphrase, email, saltKey ?? '', iterations);
    const encSecret = await deriveKey(passphrase, email, session.account.saltEnc, iterations);
    const routines = new NodeSrpRoutines(srpGroups[2048], webEngine);
    const x = await routines.computeX(normaliseEmail(email), toInteger(decodeHex(saltAuth ?? '')), authSecret);
    const { verifier } = JSON.parse(callOf(exchanges, 'account-create', email).sent);
    const { symmetricKey, privateKey } = session.keys;
    return [
      textMark(`${name}'s passphrase`, passphrase),
      ...keyMarks(`${name}'s SEC_PWD_Auth`, authSecret, 'hex'),
      ...keyMarks(`${name}'s SEC_PWD_Enc`, encSecret, 'hex'),
      bytesMark(`${name}'s x`, toBytes(x, 32)),
      ...keyMarks(`${name}'s verifier`, verifier, 'hex'),
      ...keyMarks(`${name}'s symmetric key`, symmetricKey.k, 'base64url'),
      ...(['d', 'p', 'q', 'dp', 'dq', 'qi'] as const).flatMap((part) =>
        keyMarks(`${name}'s private key, ${part}`, privateKey[part], 'base64url'),
      ),
    ];
  });
  const tokens = new Set(exchanges.flatMap(({ token }) => token ?? []));
  const groupKeys = new Set(played.groups.flatMap(({ keys }) => [...keys.values()].map(({ k }) => k)));
  return [
    ...(await Promise.all(ofPeople)).flat(),
    ...[...tokens].flatMap((token) => keyMarks('a session key K', token, 'hex')),
    ...[...groupKeys].flatMap((key) => keyMarks('a group key', key, 'base64url')),
    ...cast.items.map(({ content }, index) => textMark(`the content of item ${index + 1}`, content)),
    ...cast.edits.map((content, index) => textMark(`edit ${index + 1}`, content)),
  ];
}

function callOf(exchanges: readonly Exchange[], name: string, email: string): Exchange {
  const found = exchanges.find((exchange) => exchange.name === name && exchange.sent.includes(`"${email}"`));
  if (found === undefined) throw new Error(`${email} never called ${name}.`);
  return found;
}

const answerTo = (exchanges: readonly Exchange[], name: string, email: string): Record<string, string> =>
  JSON.parse(callOf(exchanges, name, email).received);

/** The random bytes that clients drew for SRP's a, from now until `stop`. The servers of the story are another process. */
export function recordDraws(): { readonly drawn: Uint8Array[]; stop(): void } {
  const original = srpEngine.randomBytes;
  const drawn: Uint8Array[] = [];
  const recording: typeof original = (length) => {
    const bytes = original.call(srpEngine, length);
    drawn.push(bytes.slice());
    return bytes;
  };
  Object.defineProperty(srpEngine, 'randomBytes', { value: recording, configurable: true });
  return { drawn, stop: () => void Reflect.deleteProperty(srpEngine, 'randomBytes') };
}
