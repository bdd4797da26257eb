import { randomBytes } from 'node:crypto';
import { createAccountKeys } from '../../shared/crypto/account-keys.ts';
import { createVerifier, SrpClient } from '../../shared/crypto/srp/client.ts';
import { opensslEngine } from '../../shared/crypto/srp/openssl/engine.ts';
import { defaultProfile, type ProfileId } from '../../shared/protocol/profiles.ts';
import type { TestStack } from './stack.ts';

const hex = (bytes: number) => randomBytes(bytes).toString('hex');

/** One key pair for everybody of a test file: RSA generation is slow, and the server cannot tell. */
const publicKey = createAccountKeys().then(({ publicKey }) => JSON.stringify(publicKey));

export interface Person {
  readonly email: string;
  /** Stands for SEC_PWD_Auth: what PBKDF2 makes of a passphrase, without the wait. */
  readonly authSecret: string;
  readonly signUpBody: Readonly<Record<string, string>>;
}

/** Somebody with everything a sign-up needs; nothing is sent yet. */
export async function makePerson(
  name: 'jane' | 'bob' = 'jane',
  profile: ProfileId = defaultProfile,
  email = `${name}+${hex(6)}@example.com`,
): Promise<Person> {
  const authSecret = hex(32);
  const saltAuth = hex(32);
  const verifier = await createVerifier({ profile, email, authSecret, saltAuth }, opensslEngine);
  const sealed = {
    encPrivateKey: '{"iv":"00","t":"00","d":"00","ad":""}',
    encSymmetricKey: '{"iv":"01","t":"01","d":"01","ad":""}',
  };
  const names = { firstName: name === 'jane' ? 'Jane' : 'Bob', lastName: '' };
  const salts = { saltEnc: hex(32), saltAuth, saltKey: hex(32) };
  return {
    email,
    authSecret,
    signUpBody: { email, ...names, ...salts, verifier, publicKey: await publicKey, ...sealed, profile },
  };
}

/** The token from the newest verification mail to this address. */
export async function mailedToken(stack: TestStack, email: string): Promise<string> {
  const mail = await stack.mailbox.waitFor(email);
  const token = /account-verify\?token=([A-Za-z0-9_-]{43})/.exec(mail.text)?.[1];
  if (token === undefined) throw new Error(`The newest mail to ${email} holds no verification link: ${mail.subject}`);
  return token;
}

type Credentials = Pick<Person, 'email' | 'authSecret'>;

/** The handshake up to the client's proof, which is not sent yet. */
export async function beginLogin(stack: Pick<TestStack, 'call'>, { email, authSecret }: Credentials) {
  const salts = await stack.call('login-salts', { body: { email } });
  const { saltAuth, profile } = salts.body as { saltAuth: string; profile: ProfileId };
  const client = new SrpClient({ profile, email, authSecret }, opensslEngine);
  const started = await stack.call('login-start', { body: { email, ...client.start() } });
  const { sessionStarterId, srpB } = started.body as { sessionStarterId: string; srpB: string };
  const proof = await client.finish({ saltAuth, srpB });
  return { salts, started, proof, body: { sessionStarterId, srpM1: proof.srpM1 } };
}

/** The whole handshake; `token` is there if it succeeded and the server's proof was right. */
export async function attemptLogin(stack: TestStack, credentials: Credentials) {
  const { proof, ...begun } = await beginLogin(stack, credentials);
  const finished = await stack.call('login-finish', { body: begun.body });
  const token = finished.status === 200 ? proof.verify((finished.body as { srpM2: string }).srpM2) : undefined;
  return { ...begun, finished, token };
}

export interface Member extends Person {
  readonly accountId: string;
  readonly token: string;
}

/** Signed up, verified and logged in. */
export async function newMember(stack: TestStack, name: 'jane' | 'bob' = 'jane'): Promise<Member> {
  const person = await makePerson(name);
  await expectStatus(202, stack.call('account-create', { body: person.signUpBody }));
  await expectStatus(200, stack.call('account-verify', { body: { token: await mailedToken(stack, person.email) } }));
  const { token } = await attemptLogin(stack, person);
  if (token === undefined) throw new Error(`${person.email} cannot log in`);
  const { body } = await expectStatus(200, stack.call('session-whoami', { token }));
  return { ...person, token, accountId: (body as { accountId: string }).accountId };
}

/** What is on record of an account, newest first. */
export async function eventsOf(stack: TestStack, { token }: Pick<Member, 'token'>): Promise<string[]> {
  const { body } = await expectStatus(200, stack.call('audit-list', { token }));
  return (body as { events: { event: string }[] }).events.map(({ event }) => event);
}

export const wrappedKey = (): string => hex(256);

/** A fresh group of this member's. */
export async function newGroup(stack: TestStack, { token }: Pick<Member, 'token'>): Promise<string> {
  const { body } = await expectStatus(
    201,
    stack.call('group-create', { token, body: { name: 'Web shop', encSymmetricKey: wrappedKey() } }),
  );
  return (body as { id: string }).id;
}

async function expectStatus<T extends { status: number; body: unknown }>(
  status: number,
  answer: Promise<T>,
): Promise<T> {
  const got = await answer;
  if (got.status !== status) throw new Error(`expected ${status}, got ${got.status}: ${JSON.stringify(got.body)}`);
  return got;
}
