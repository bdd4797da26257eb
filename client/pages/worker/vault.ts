import { fingerprintWords } from '../../../shared/crypto/words.ts';
import type { Account } from '../../api/account.ts';
import type { Group } from '../../api/group.ts';
import { Nightvault } from '../../api/nightvault.ts';

/** The server that these pages come from: what stands before a function's name. */
export const server = Nightvault.connect(new URL('.', self.location.href));

let open: Account | undefined;
const groups = new Map<string, Group>();

/** Holds an account, and its keys, until the page is closed. They never leave the worker. */
export function keep(account: Account | undefined): void {
  open = account;
  groups.clear();
}

/** Nobody is logged in on this page. */
class NotLoggedIn extends Error {
  readonly code = 'UNAUTHENTICATED';

  constructor() {
    super('You are not logged in.');
  }
}

/** @throws {NotLoggedIn} */
export function account(): Account {
  if (open === undefined) throw new NotLoggedIn();
  return open;
}

/** A group, opened once. @throws {GroupNotOpen} when the account has no such group, or no key to it */
export async function openGroup(id: string): Promise<Group> {
  const group = groups.get(id) ?? (await account().groups.open(id));
  groups.set(id, group);
  return group;
}

/** A key as two people compare it. */
export interface Spoken {
  readonly fingerprint: string;
  readonly words: string[];
}

export async function spoken(fingerprint: string): Promise<Spoken> {
  return { fingerprint, words: await fingerprintWords(fingerprint) };
}

interface Named {
  readonly firstName: string;
  readonly lastName: string;
}

export const fullName = ({ firstName, lastName }: Named): string => [firstName, lastName].filter(Boolean).join(' ');

/** What somebody is called who may have given no name. */
export const displayName = (person: Named & { readonly email: string }): string => fullName(person) || person.email;
