import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import type { inviteList } from '../../shared/protocol/invite.ts';
import type { TeamRole } from '../../shared/protocol/team.ts';
import { codeIn } from './mail.ts';
import { type Member, wrappedKey } from './people.ts';
import type { TestStack } from './stack.ts';

type Lists = (typeof inviteList.output)['_output'];

export const inviteNotFound = {
  status: 404,
  body: { code: 'INVITE_NOT_FOUND', detail: 'There is no such invite, or it is not yours to answer.' },
};

export const inviteOver = (state: string) => ({
  status: 410,
  body: { code: 'INVITE_OVER', detail: `The invite is ${state}.`, state },
});

/** Invites an address, and it must succeed; hands the invite's id back. */
export async function invited(stack: TestStack, by: Member, teamId: string, email: string, role: TeamRole = 'member') {
  const answer = await stack.call('invite-create', { token: by.token, body: { teamId, email, role } });
  if (answer.status !== 202) throw new Error(`not invited: ${answer.text}`);
  return (answer.body as { inviteId: string }).inviteId;
}

export async function listed(stack: TestStack, { token }: Member, query: Readonly<Record<string, string>> = {}) {
  return (await stack.call('invite-list', { token, query })).body as Lists;
}

/** Invited and accepted. */
export async function accepted(stack: TestStack, by: Member, teamId: string, member: Member, role?: TeamRole) {
  const inviteId = await invited(stack, by, teamId, member.email, role);
  const answer = await stack.call('invite-accept', { token: member.token, body: { inviteId } });
  if (answer.status !== 200) throw new Error(`not accepted: ${answer.text}`);
  return inviteId;
}

/** An admin gives keys of these groups to whoever has accepted; all of epoch 1. */
export async function confirm(
  stack: TestStack,
  by: Member,
  inviteId: string,
  of: Member,
  groupIds: readonly string[],
  more: object = {},
) {
  const publicKeyFingerprintOfMember = await publicKeyFingerprint(of.signUpBody.publicKey ?? '');
  const links = groupIds.map((groupId) => ({ groupId, keyEpoch: 1, encSymmetricKey: wrappedKey() }));
  const body = { inviteId, publicKeyFingerprint: publicKeyFingerprintOfMember, links, ...more };
  return stack.call('invite-confirm', { token: by.token, body });
}

/** The code of the newest invitation to this address. */
export async function mailedCode(stack: TestStack, email: string, count: number): Promise<string> {
  return codeIn(await stack.mailbox.waitFor(email, count));
}
