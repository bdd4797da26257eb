import { randomWords } from '../../../shared/crypto/words.ts';
import type { Credentials } from '../../log-in.ts';
import type { NewAccount } from '../../sign-up.ts';
import { forgetRead } from './reading.ts';
import { account, keep, type Spoken, server, spoken } from './vault.ts';

/** Who is logged in, as the page shows it. */
export interface Person extends Spoken {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** What the page asks of the worker before somebody is logged in, and to end that. */
export const entering = {
  signUp: (person: NewAccount) => server.signUp(person),

  resendVerification: (email: string) => server.resendVerification(email),

  async logIn(credentials: Credentials): Promise<Person> {
    keep(await server.logIn(credentials));
    forgetRead();
    const { email, firstName, lastName } = account();
    return { email, firstName, lastName, ...(await spoken(await account().fingerprint())) };
  },

  /** The keys go from memory whatever the server says. */
  async logOut(): Promise<void> {
    const ending = account();
    keep(undefined);
    forgetRead();
    await ending.logOut();
  },

  startReset: (email: string) => server.startReset(email),

  previewReset: (token: string) => server.previewReset(token),

  finishReset: (reset: { readonly token: string; readonly email: string; readonly passphrase: string }) =>
    server.finishReset(reset),

  /** Six words, 66 bits. */
  suggestPassphrase: async (): Promise<string> => randomWords(6).join(' '),
};
