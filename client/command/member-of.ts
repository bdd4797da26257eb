import type { Group, Member } from '../index.ts';
import type { Context } from './context.ts';
import { usage } from './failures.ts';
import { printable } from './layout.ts';

/** Somebody who has a link to a group, by their address. @throws {CommandFailed} when nobody has it */
export async function memberOf({ signal }: Context, group: Group, given: string): Promise<Member> {
  const address = given.trim().toLowerCase();
  const member = (await group.members({ signal })).find(({ email }) => email === address);
  if (member !== undefined) return member;
  const why = `Nobody with that address has a link to "${printable(group.name)}".`;
  throw usage(`${printable(address)} is no member.`, why, 'See nightvault members.');
}
