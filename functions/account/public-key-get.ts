import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { publicKeyGet as wire } from '../../shared/protocol/account.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { logins } from '../../shared/store/logins.ts';

/** The sharer's client shows the fingerprint: whoever relies on the server's word alone trusts the server. */
export const publicKeyGet = httpFunction('public-key-get', {
  POST: sessionOperation({
    summary: 'The public key of the account with this address, to wrap a group key to',
    about:
      'Compare the fingerprint with its owner over another channel before you wrap a key to it: a server could name a key of its own.',
    ...wire,
    success: 200,
    problems: ['ACCOUNT_NOT_FOUND'],
    rules: [rateRules.publicKeyByAccount],
    handle: async ({ email }, { database }) => {
      const [login] = await database.get(logins.doc(sha256Hex(email)));
      const [account] = login?.data.isVerified ? await database.get(accounts.doc(login.data.accountId)) : [];
      if (account === undefined)
        throw new Problem('ACCOUNT_NOT_FOUND', 'No verified account has this address.', { email });
      const { publicKey } = account.data;
      return { accountId: account.id, publicKey, fingerprint: await publicKeyFingerprint(publicKey) };
    },
  }),
});
