import { publicKeyFingerprint } from '../../../shared/crypto/fingerprint.ts';
import { fingerprintWords } from '../../../shared/crypto/words.ts';
import { Connection } from '../../connection.ts';
import { type Group, listGroups } from '../../group.ts';
import type { Session } from '../../log-in.ts';

/** The server that these pages come from: what stands before a function's name. */
export const connection = new Connection(new URL('.', self.location.href).href);

let open: Session | undefined;
let groups: Promise<Group[]> | undefined;

/** Holds a session, and its keys, until the page is closed. They never leave the worker. */
export function keep(session: Session | undefined): void {
  open = session;
  groups = undefined;
}

/** Nobody is logged in on this page. */
export class NotLoggedIn extends Error {
  readonly code = 'UNAUTHENTICATED';

  constructor() {
    super('You are not logged in.');
  }
}

/** @throws {NotLoggedIn} */
export function session(): Session {
  if (open === undefined) throw new NotLoggedIn();
  return open;
}

/** The groups with their keys, read once; `true` reads them again. */
export function openGroups(again = false): Promise<Group[]> {
  if (again || groups === undefined) groups = listGroups(session());
  return groups;
}

/** @throws {Error} when the account has no key to such a group */
export async function openGroup(id: string): Promise<Group> {
  const found =
    (await openGroups()).find((group) => group.id === id) ?? (await openGroups(true)).find((group) => group.id === id);
  if (found === undefined) throw new GroupClosed();
  return found;
}

/** The group is not there, or not open to this account. */
class GroupClosed extends Error {
  readonly code = 'GROUP_NOT_FOUND';

  constructor() {
    super('There is no group here that you have a key to.');
  }
}

/** A key as two people compare it. */
export interface Spoken {
  readonly fingerprint: string;
  readonly words: string[];
}

export async function spoken(fingerprint: string): Promise<Spoken> {
  return { fingerprint, words: await fingerprintWords(fingerprint) };
}

export async function ownFingerprint(): Promise<Spoken> {
  return spoken(await publicKeyFingerprint(session().account.publicKey));
}
