import { randomWords } from '../../../shared/crypto/words.ts';
import { accountResendVerification } from '../../../shared/protocol/account.ts';
import { type Credentials, logIn, logOut } from '../../log-in.ts';
import { finishReset, previewReset, startReset } from '../../passphrase-reset.ts';
import { type NewAccount, signUp } from '../../sign-up.ts';
import { connection, keep, ownFingerprint, type Spoken, session } from './vault.ts';

/** Who is logged in, as the page shows it. */
export interface Person extends Spoken {
  readonly accountId: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** What the page asks of the worker before somebody is logged in. */
export const entering = {
  signUp: (person: NewAccount) => signUp(connection, person),

  async resendVerification(email: string): Promise<void> {
    await connection.post('account-resend-verification', accountResendVerification, { email });
  },

  async logIn(credentials: Credentials): Promise<Person> {
    keep(await logIn(connection, credentials));
    const { accountId, email, firstName, lastName } = session().account;
    return { accountId, email, firstName, lastName, ...(await ownFingerprint()) };
  },

  /** The keys go from memory whatever the server says. */
  async logOut(): Promise<void> {
    const ending = session();
    keep(undefined);
    await logOut(ending);
  },

  startReset: (email: string) => startReset(connection, email),

  previewReset: (token: string) => previewReset(connection, token),

  finishReset: (reset: { readonly token: string; readonly email: string; readonly passphrase: string }) =>
    finishReset(connection, reset),

  /** Six words, 66 bits. */
  suggestPassphrase: async (): Promise<string> => randomWords(6).join(' '),
};
