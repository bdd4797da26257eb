import { Connection } from '../../../client/connection.ts';
import { ProfileRefused } from '../../../client/failures.ts';
import { logIn } from '../../../client/log-in.ts';
import { createAccountKeys } from '../../../shared/crypto/account-keys.ts';
import { KeyPairMismatched, MessageTampered, ServerProofWrong } from '../../../shared/crypto/errors.ts';
import { credentials, loginAnswers } from './account.ts';
import { type SmallServer, startSmallServer } from './small-server.ts';

let server: SmallServer;
let account: Awaited<ReturnType<typeof loginAnswers>>;

beforeEach(async () => {
  account = await loginAnswers();
  server = await startSmallServer(account.answer);
});
afterEach(() => server.stop());

const enter = () => logIn(new Connection(server.url), credentials);
const called = () => server.received.map(({ url }) => url);

describe('logIn', () => {
  it('proves the passphrase, checks the proof of the server, and opens the keys', async () => {
    const session = await enter();
    expect(session.keys).toEqual(account.keys);
    expect(session.expiresAt).toBe(2);
    expect(called()).toEqual(['/login-salts', '/login-start', '/login-finish', '/session-whoami']);
    expect(server.received[3]?.headers.authorization).toMatch(/^Bearer [0-9a-f]{64}$/);
    expect(JSON.stringify(server.received)).not.toContain(credentials.passphrase);
  });

  it.each(['srp6a-1024-sha256+pbkdf2-sha256-100000', 'srp6a-2048-sha256+pbkdf2-sha256-1000', 'plain', ''])(
    'refuses the profile "%s" before anything is made of the passphrase',
    async (profile) => {
      account.changed['/login-salts'] = { profile };
      await expect(enter()).rejects.toThrow(ProfileRefused);
      expect(called()).toEqual(['/login-salts']);
    },
  );

  it('refuses a server that cannot prove that it knows the account', async () => {
    account.changed['/login-finish'] = { srpM2: '0'.repeat(64) };
    await expect(enter()).rejects.toThrow(ServerProofWrong);
    expect(called()).not.toContain('/session-whoami');
  });

  it('refuses a public key that is not its own', async () => {
    const { publicKey } = await createAccountKeys();
    account.changed['/session-whoami'] = { publicKey: JSON.stringify(publicKey) };
    await expect(enter()).rejects.toThrow(KeyPairMismatched);
  });

  it('refuses keys under another encryption salt', async () => {
    account.changed['/session-whoami'] = { saltEnc: '0'.repeat(64) };
    await expect(enter()).rejects.toThrow(MessageTampered);
  });
});
