import type { Platform } from '../../shared/platform/context.ts';
import type { Account } from '../support/accounts.ts';
import { callInProcess, jsonRequest } from '../support/in-process.ts';
import type { Random } from './random.ts';

/** A group of this account's, shared with others. Its id begins alike in every run, so that groups sort alike. */
export async function createGroup(
  platform: Platform,
  index: number,
  owner: Account,
  editors: readonly Account[],
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
  for (const { accountId } of editors)
    await call('link-create', { groupId: id, accountId, role: 'editor', keyEpoch: 1, encSymmetricKey });
  return id;
}
