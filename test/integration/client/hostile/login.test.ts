import {
  AnswerUnreadable,
  CallFailed,
  KeyPairMismatched,
  MemoryNotes,
  MessageTampered,
  Nightvault,
  ProfileRefused,
  PublicValueOutOfRange,
  ServerProofWrong,
} from '../../../../client/index.ts';
import { createAccountKeys } from '../../../../shared/crypto/account-keys.ts';
import { srpGroups } from '../../../../shared/crypto/srp/groups.ts';
import { sessionWhoami } from '../../../../shared/protocol/account.ts';
import { configuration } from '../../../../shared/protocol/configuration.ts';
import { loginFinish, loginSalts, loginStart } from '../../../../shared/protocol/login.ts';
import { startHostileStack } from '../../../support/hostile-stack.ts';
import { enter, jane } from '../../../support/sdk.ts';

const { stack, proxy } = await startHostileStack();
const strong = 'srp6a-3072-sha256+pbkdf2-sha256-600000';
const careful = { ...jane, email: 'careful@example.com', profile: strong } as const;
const [janes] = await Promise.all([enter(stack, jane), enter(stack, careful)]);
let server: Nightvault;
let notes: MemoryNotes;
beforeEach(() => {
  notes = new MemoryNotes();
  server = Nightvault.connect(proxy.url, { notes });
});

const loginCalls = ['login-salts', 'login-start', 'login-finish', 'session-whoami'];

describe('at login a hostile server', () => {
  it('that tells the truth for once is believed', async () => {
    const account = await server.logIn(jane);
    expect({ id: account.id, keys: account.save().keys }).toEqual({ id: janes.id, keys: janes.save().keys });
    expect(proxy.calls()).toEqual(loginCalls);
  });

  it.each(['srp6a-2048-sha256+pbkdf2-sha256-1000', 'srp6a-1024-sha256+pbkdf2-sha256-100000', 'md5', '__proto__'])(
    'gets nothing made of the passphrase by the weak or unknown profile %s',
    async (profile) => {
      proxy.lie('login-salts', loginSalts, (truth) => ({ ...truth, profile }));
      await expect(server.logIn(jane)).rejects.toMatchObject({
        constructor: ProfileRefused,
        code: 'PROFILE_REFUSED',
        message: `The server wants the profile "${profile}", which is unknown or too weak. The passphrase was not used.`,
      });
      expect(proxy.calls()).toEqual(['login-salts']);
    },
  );

  it('cannot take an account back to a weaker profile than it has shown once, in another run either', async () => {
    expect((await server.logIn(careful)).save().account.profile).toBe(strong);
    proxy.honest();
    proxy.lie('login-salts', loginSalts, (truth) => ({ ...truth, profile: 'srp6a-2048-sha256+pbkdf2-sha256-100000' }));
    const later = Nightvault.connect(proxy.url, { notes: new MemoryNotes(notes.entries()) });
    await expect(later.logIn(careful)).rejects.toMatchObject({ constructor: ProfileRefused, code: 'PROFILE_REFUSED' });
    expect(proxy.calls()).toEqual(['login-salts']);
  });

  it.each([
    ['0', '0'.repeat(512)],
    ['N', srpGroups[2048].N.toString(16)],
    ['N + 1', (srpGroups[2048].N + 1n).toString(16)],
  ])('gets no proof for a public value B of %s', async (_name, srpB) => {
    proxy.lie('login-start', loginStart, (truth) => ({ ...truth, srpB }));
    await expect(server.logIn(jane)).rejects.toMatchObject({
      constructor: PublicValueOutOfRange,
      code: 'SRP_PUBLIC_VALUE_OUT_OF_RANGE',
      message: 'The public value B is outside 1..N-1.',
    });
    expect(proxy.calls()).toEqual(['login-salts', 'login-start']);
  });

  it('that cannot prove that it knows the account is not asked anything more', async () => {
    proxy.lie('login-finish', loginFinish, (truth) => ({ ...truth, srpM2: 'ab'.repeat(32) }));
    await expect(server.logIn(jane)).rejects.toMatchObject({
      constructor: ServerProofWrong,
      code: 'SRP_SERVER_PROOF_WRONG',
      message: 'The server did not prove that it knows this account. Do not use the session.',
    });
    expect(proxy.calls()).not.toContain('session-whoami');
  });

  it('that leaves its proof out is not believed', async () => {
    proxy.lie('login-finish', loginFinish, ({ expiresAt }) => ({ expiresAt }));
    await expect(server.logIn(jane)).rejects.toMatchObject({
      constructor: AnswerUnreadable,
      code: 'ANSWER_UNREADABLE',
    });
    expect(proxy.calls()).not.toContain('session-whoami');
  });

  it.each(['saltKey', 'saltAuth'])('that swaps %s lets nobody in', async (salt) => {
    proxy.lie('login-salts', loginSalts, (truth) => ({ ...truth, [salt]: 'cd'.repeat(32) }));
    await expect(server.logIn(jane)).rejects.toMatchObject({ constructor: CallFailed, code: 'LOGIN_FAILED' });
    expect(proxy.calls()).not.toContain('session-whoami');
  });

  it('cannot give the account another public key, nor other keys or salts', async () => {
    const publicKey = JSON.stringify((await createAccountKeys()).publicKey);
    proxy.lie('session-whoami', sessionWhoami, (truth) => ({ ...truth, publicKey }));
    await expect(server.logIn(jane)).rejects.toMatchObject({
      constructor: KeyPairMismatched,
      code: 'KEY_PAIR_MISMATCHED',
      message: 'The public key does not belong to the private key of this account.',
    });
    for (const lie of [{ saltEnc: 'ef'.repeat(32) }, { encSymmetricKey: janes.save().account.encPrivateKey }]) {
      proxy.lie('session-whoami', sessionWhoami, (truth) => ({ ...truth, ...lie }));
      await expect(server.logIn(jane)).rejects.toMatchObject({
        constructor: MessageTampered,
        code: 'MESSAGE_TAMPERED',
      });
    }
  });

  it('cannot put another account or key under a session that goes on', async () => {
    const account = await server.logIn(jane);
    for (const lie of [{ accountId: `acct_${'0'.repeat(32)}` }, { publicKey: '{}' }]) {
      proxy.lie('session-whoami', sessionWhoami, (truth) => ({ ...truth, ...lie }));
      await expect(account.refresh()).rejects.toMatchObject({
        code: 'ANSWER_CONTRADICTORY',
        message: 'The answer of session-whoami cannot be right: the account or its public key is another.',
      });
      expect(account.id).toBe(janes.id);
    }
  });

  it('does not get the session of another server', async () => {
    const saved = janes.save();
    expect(() => server.resume(saved)).toThrow(
      `What was saved cannot be used: the session is one of ${stack.url}, not of ${proxy.url}. Log in again.`,
    );
    expect(proxy.everythingSent()).not.toContain(saved.token);
  });

  it('publishes limits in vain that nothing could be done with', async () => {
    const group = await (await server.logIn(jane)).groups.create('Web shop');
    proxy.lie('configuration', configuration, (truth) => ({ ...truth, limits: { ...truth.limits, pushChanges: 0 } }));
    await expect(group.changes.push([])).rejects.toMatchObject({
      code: 'LIMITS_REFUSED',
      message: "The server's configuration gives no usable pushChanges: at least 1 is needed.",
    });
    proxy.lie('configuration', configuration, (truth) => ({ ...truth, protocolVersion: 2 }));
    await expect(Nightvault.connect(proxy.url).configuration()).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE' });
  });
});
