import { randomBytes } from 'node:crypto';
import { sealVerifier } from '../../functions/login/verifier.ts';
import type { Platform } from '../../shared/platform/context.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { defaultProfile } from '../../shared/protocol/profiles.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { create } from '../../shared/store/database.ts';
import { logins } from '../../shared/store/logins.ts';
import { makePerson, type Person } from './people.ts';
import type { TestStack } from './stack.ts';

/** What an address can be to the server. Nobody who calls without a session may find out which. */
export const addressKinds = ['verified', 'unverified', 'unknown'] as const;
export type AddressKind = (typeof addressKinds)[number];

type Calls = Pick<TestStack, 'call'>;

/**
 * Every function that anybody may POST an e-mail address to, with a body that names it. A new one gets a line here: it
 * is then compared for every kind of address, by the tests and by `npm run bench enumeration`.
 */
export const publicSteps: Readonly<Record<string, (email: string, { call }: Calls) => Promise<object>>> = {
  'account-create': async (email) => ({ ...(await template).signUpBody, email }),
  'account-resend-verification': async (email) => ({ email }),
  'passphrase-reset-start': async (email) => ({ email }),
  'account-delete-code-send': async (email) => ({ email }),
  'login-salts': async (email) => ({ email }),
  'login-start': async (email) => ({ email, srpA: (await template).signUpBody.verifier }),
  'login-finish': async (email, { call }) => {
    const { body } = await call('login-start', { body: { email, srpA: (await template).signUpBody.verifier } });
    const { sessionStarterId } = body as { sessionStarterId: string };
    return { sessionStarterId, srpM1: randomBytes(32).toString('hex') };
  },
};

/** Public POST functions that no address can be tried out with, and why. */
export const withoutAddress: Readonly<Record<string, string>> = {
  'account-verify': 'takes nothing but a token, which is mailed and random',
  'email-change-confirm': 'takes nothing but a token, which is mailed and random',
  'account-delete': 'takes a handshake, whose end tells nothing, or a code, which is mailed and random',
  'passphrase-reset-preview': 'takes nothing but a token, which is mailed and random',
  'passphrase-reset-finish': 'takes a token, which is mailed and random, and no address',
};

/** Sign-up material for everybody: the server cannot tell, and making it is slow. */
const template: Promise<Person> = makePerson();

/** Addresses of one length. */
const newAddress = () => `jane+${randomBytes(8).toString('hex')}@example.com`;

/** New addresses of a kind; accounts stand in the store as sign-up and verification leave them, but for the mails. */
export async function newAddresses(platform: Platform, kind: AddressKind, count: number): Promise<string[]> {
  const addresses = Array.from({ length: count }, newAddress);
  if (kind === 'unknown') return addresses;
  const perCommit = 50;
  for (let begun = 0; begun < count; begun += perCommit) {
    const made = addresses.slice(begun, begun + perCommit).map((email) => accountOf(email, kind, platform));
    await platform.database.commit((await Promise.all(made)).flat());
  }
  return addresses;
}

async function accountOf(email: string, kind: AddressKind, { sealer, clock }: Platform) {
  const { signUpBody } = await template;
  const { verifier = '', saltKey = '', saltAuth = '', firstName = '', lastName = '', saltEnc = '' } = signUpBody;
  const { publicKey = '', encPrivateKey = '', encSymmetricKey = '' } = signUpBody;
  const accountId = `acct_${randomBytes(16).toString('hex')}`;
  const profile = defaultProfile;
  const sealedVerifier = await sealVerifier(sealer, accountId, verifier);
  const login = { accountId, profile, saltKey, saltAuth, sealedVerifier, isVerified: kind === 'verified' };
  const keys = { saltEnc, publicKey, encPrivateKey, encSymmetricKey };
  const account = { email, firstName, lastName, created: clock.now(), profile, generation: 1, linkChanges: 0, ...keys };
  return [create(logins.doc(sha256Hex(email)), login), create(accounts.doc(accountId), account)];
}
