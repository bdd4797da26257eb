import type { Group, Member } from '../index.ts';
import type { Context } from './context.ts';
import { usage } from './failures.ts';
import { printable } from './layout.ts';

/** Whoever of these has an address, however it was typed. */
export function byAddress<Person extends { readonly email: string }>(people: readonly Person[], given: string) {
  const address = given.trim().toLowerCase();
  return people.find(({ email }) => email === address);
}

/** Somebody who has a link to a group, by their address. @throws {CommandFailed} when nobody has it */
export async function memberOf({ signal }: Context, group: Group, given: string): Promise<Member> {
  const member = byAddress(await group.members({ signal }), given);
  if (member !== undefined) return member;
  const why = `Nobody with that address has a link to "${printable(group.name)}".`;
  throw usage(`${printable(given.trim().toLowerCase())} is no member.`, why, 'See nightvault members.');
}
