import { createAccountKeys, openAccountKeys, sealAccountKeys } from '../../shared/crypto/account-keys.ts';
import { createAesKey } from '../../shared/crypto/aes-key.ts';
import { deriveKey } from '../../shared/crypto/derive-key.ts';
import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import { unwrapGroupKey, wrapGroupKey } from '../../shared/crypto/group-key.ts';
import { decodeHex } from '../../shared/crypto/hex.ts';
import { type AesMessage, decryptMessage, encryptMessage, resourceAd } from '../../shared/crypto/message.ts';
import { createVerifier, SrpClient } from '../../shared/crypto/srp/client.ts';
import type { SrpEngine } from '../../shared/crypto/srp/engine.ts';
import { webEngine } from '../../shared/crypto/srp/web-engine.ts';
import { fingerprintWords } from '../../shared/crypto/words.ts';
import { defaultProfile, profiles } from '../../shared/protocol/profiles.ts';

/** The part of insomnia-account.json that a client computes with. */
export interface AccountVectors {
  readonly email: string;
  readonly passphrase: string;
  readonly passphraseNonAscii_raw: string;
  readonly saltKey: string;
  readonly saltEnc: string;
  readonly saltAuth: string;
  readonly srp: { readonly a: string; readonly B: string; readonly M2: string };
  readonly aesMessage: { readonly keyHex: string; readonly message: AesMessage };
}

/** What is said of one key on the phone. */
export interface SpokenFingerprint {
  readonly fingerprint: string;
  readonly words: string;
}

/** Everything a client computes, by the names of the vectors. Bundled and run in a page and in a worker. */
export async function runVectors(vectors: AccountVectors, spoken: readonly SpokenFingerprint[]) {
  const { email, saltKey, saltEnc, saltAuth, srp, aesMessage } = vectors;
  const { iterations } = profiles[defaultProfile];
  const secretOf = (passphrase: string, salt: string) => deriveKey(passphrase, email, salt, iterations);
  const SEC_PWD_Auth = await secretOf(vectors.passphrase, saltKey);
  const SEC_PWD_Enc = await secretOf(vectors.passphrase, saltEnc);

  const identity = { profile: defaultProfile, email, authSecret: SEC_PWD_Auth };
  const client = new SrpClient(identity, drawing(decodeHex(srp.a)));
  const { srpA } = client.start();
  const proof = await client.finish({ saltAuth, srpB: srp.B });

  const keys = await createAccountKeys();
  const sealed = await sealAccountKeys(keys, SEC_PWD_Enc);
  const groupKey = await createAesKey();
  const wrapped = await wrapGroupKey(groupKey, keys.publicKey);
  const expectedAd = resourceAd('grp_1', 'req_1', 1);
  const message = await encryptMessage(groupKey, 'für ☃', expectedAd);
  return {
    SEC_PWD_Auth,
    SEC_PWD_Enc,
    SEC_PWD_Auth_nonAscii: await secretOf(vectors.passphraseNonAscii_raw, saltKey),
    verifier: await createVerifier({ ...identity, saltAuth }, webEngine),
    A: srpA,
    M1: proof.srpM1,
    K: proof.verify(srp.M2),
    plaintext: await decryptMessage(aesMessage.keyHex, aesMessage.message),
    sizes: [sealed.publicKey.length, sealed.encSymmetricKey.length, wrapped.length],
    keysCameBack: JSON.stringify(await openAccountKeys(sealed, SEC_PWD_Enc)) === JSON.stringify(keys),
    groupKeyCameBack: JSON.stringify(await unwrapGroupKey(wrapped, keys.privateKey)) === JSON.stringify(groupKey),
    messageCameBack: await decryptMessage(groupKey, message, { expectedAd }),
    fingerprint: await publicKeyFingerprint(sealed.publicKey),
    words: await Promise.all(spoken.map(async ({ fingerprint }) => (await fingerprintWords(fingerprint)).join(' '))),
    windowIsGlobal: 'window' in globalThis,
  };
}

/** WebCrypto's engine with `a` for the client's secret. */
function drawing(a: Uint8Array): SrpEngine {
  return {
    ...webEngine,
    randomBytes(length) {
      const bytes = webEngine.randomBytes(length);
      if (length === 72) bytes.fill(0).set(a, length - a.length);
      return bytes;
    },
  };
}

Object.assign(globalThis, { runVectors });
