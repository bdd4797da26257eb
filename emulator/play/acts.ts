import { openResource, pull, push, sealResource } from '../../client/changes.ts';
import { createGroup, findRecipient, type Group, listGroups, share } from '../../client/group.ts';
import type { Session } from '../../client/log-in.ts';
import type { NewAccount } from '../../client/sign-up.ts';
import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import type { LocalStack } from '../demo/local-stack.ts';
import { enter, janeAndBob, join } from '../demo/people.ts';
import { type HeldKeys, keysOf, type Reading } from './keys.ts';

/** Gets one sentence about each step. */
export type Tell = (sentence: string) => void;

/** What Jane has made, which Bob then joins. */
export interface Opened {
  readonly jane: Session;
  readonly group: Group;
  readonly resourceId: string;
  /** Who comes next. */
  readonly bob: NewAccount;
}

const content = { url: 'https://api.example.com/tides', method: 'GET' };

/** Jane signs up, confirms her address, and writes a request into a group of her own. */
export async function janeSignsUp(stack: LocalStack, tell: Tell): Promise<{ opened: Opened; held: HeldKeys }> {
  const [person, bob] = await janeAndBob(stack);
  tell('Jane’s browser makes her keys; the server gets a verifier, a public key and locked boxes.');
  tell(await join(stack, person));
  const { session: jane, told } = await enter(stack, person);
  tell(told);
  const group = await createGroup(jane, 'Tide tables');
  const resourceId = `req_${crypto.randomUUID().replaceAll('-', '')}`;
  const draft = {
    id: resourceId,
    type: 'Request',
    name: 'Tides of today',
    lastEdited: Date.now(),
    baseVersion: null,
    content: JSON.stringify(content),
  };
  const [result] = await push(jane, group, [await sealResource(group, draft)]);
  if (result?.status !== 'created') throw new Error(`Jane's request was answered ${result?.status}, not created.`);
  tell('She writes a request. The server stores what it cannot read.');
  const held = await keysOf(person, jane, { group, resourceId, content: draft.content });
  return { opened: { jane, group, resourceId, bob }, held };
}

/** Bob signs up; Jane compares his key and wraps hers to it; Bob reads what she has written. */
export async function bobJoins(
  stack: LocalStack,
  { jane, group, bob, ...made }: Opened,
  tell: Tell,
): Promise<HeldKeys> {
  tell('Bob’s browser makes his keys.');
  tell(await join(stack, bob));
  const { session, told } = await enter(stack, bob);
  tell(told);
  const recipient = await findRecipient(jane, bob.email);
  const own = await publicKeyFingerprint(JSON.stringify(session.keys.publicKey));
  if (recipient.fingerprint !== own) throw new Error('The server handed out a key that is not Bob’s.');
  tell(`Jane compares the fingerprint with Bob, on the phone: ${own.slice(0, 19)} …`);
  await share(jane, group, recipient, 'editor');
  tell('She wraps the group’s key to Bob’s public key. Only his private key opens that.');
  const reading = await read(session, group.id, made.resourceId);
  tell(`Bob reads: ${reading.content}`);
  return keysOf(bob, session, reading);
}

async function read(session: Session, groupId: string, resourceId: string): Promise<Reading> {
  const group = (await listGroups(session)).find(({ id }) => id === groupId);
  if (group === undefined) throw new Error('The group is not in what Bob lists.');
  for await (const { changes } of pull(session, group)) {
    const found = changes.find(({ id }) => id === resourceId);
    if (found !== undefined) return { group, resourceId, content: (await openResource(group, found)).content };
  }
  throw new Error('What Jane has written is not in what Bob pulls.');
}
