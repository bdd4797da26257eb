import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { sessionWhoami as wire } from '../../shared/protocol/account.ts';
import { ownAccount } from '../account/own-account.ts';

export const sessionWhoami = httpFunction('session-whoami', {
  GET: sessionOperation({
    summary: 'The account behind this session, with its keys as the client made them',
    about: 'A new device begins here: the keys open with what the passphrase makes.',
    ...wire,
    success: 200,
    handle: async (_input, context) => {
      const { caller, clock } = context;
      const account = await ownAccount(context);
      const { email, firstName, lastName, created, publicKey, encSymmetricKey, encPrivateKey, saltEnc, profile } =
        account.data;
      const now = clock.now();
      return {
        accountId: caller.accountId,
        email,
        firstName,
        lastName,
        created,
        publicKey,
        encSymmetricKey,
        encPrivateKey,
        saltEnc,
        // Only a verified address can have a session.
        isVerified: true,
        sessionAge: Math.floor((now - caller.sessionCreated) / 1000),
        sessionExpiry: Math.floor((caller.sessionExpires - now) / 1000),
        profile,
      };
    },
  }),
});
