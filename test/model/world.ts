import { sessionIdOf } from '../../shared/platform/authentication.ts';
import type { Platform } from '../../shared/platform/context.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { defaultProfile } from '../../shared/protocol/profiles.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { create } from '../../shared/store/database.ts';
import { sessions } from '../../shared/store/sessions.ts';
import { callInProcess, jsonRequest } from '../support/in-process.ts';
import type { Account } from './device.ts';
import type { Random } from './random.ts';

/**
 * Logged-in accounts, put into the store as sign-up and login leave them: what those do is tested elsewhere.
 * The ids begin alike in every run, so that the store lists the accounts in the same order.
 */
export async function createAccounts(
  { database }: Pick<Platform, 'database'>,
  nonce: Random,
): Promise<[jane: Account, bob: Account, carol: Account]> {
  const account = (name: string, index: number): Account => {
    const accountId = `acct_${index.toString(16).padStart(4, '0')}${nonce.hex(14)}`;
    return { name, accountId, token: nonce.hex(32) };
  };
  const made: [Account, Account, Account] = [account('jane', 0), account('bob', 1), account('carol', 2)];
  const now = Date.now();
  const expires = now + lifetimes.session * 1000;
  await database.commit(
    made.flatMap(({ name, accountId, token }) => [
      create(accounts.doc(accountId), {
        email: `${name}+${accountId}@example.com`,
        firstName: name,
        lastName: '',
        created: now,
        profile: defaultProfile,
        saltEnc: '00'.repeat(32),
        publicKey: '{}',
        encPrivateKey: '{}',
        encSymmetricKey: '{}',
        generation: 1,
      }),
      create(sessions.doc(sessionIdOf(token)), { accountId, created: now, expires, expiresAt: new Date(expires) }),
    ]),
  );
  return made;
}

/** A group of this account's, shared with another. Its id begins alike in every run, too. */
export async function createGroup(
  platform: Platform,
  index: number,
  owner: Account,
  editor: Account,
  nonce: Random,
): Promise<string> {
  const fixed = { ...platform, random: (bytes: number) => Uint8Array.from([index, ...nonce.bytes(bytes - 1)]) };
  const call = async (name: string, input: object) => {
    const answer = await callInProcess(name, jsonRequest(input, { 'x-session-id': owner.token }), fixed);
    if (answer.status !== 201) throw new Error(`${name} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  };
  const encSymmetricKey = nonce.hex(256);
  const { id } = (await call('group-create', { name: 'Web shop', encSymmetricKey })) as { id: string };
  const { accountId } = editor;
  await call('link-create', { groupId: id, accountId, role: 'editor', keyEpoch: 1, encSymmetricKey });
  return id;
}
