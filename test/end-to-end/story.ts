import { type OpenResource, openResource, pull, push, sealResource } from '../../client/changes.ts';
import { Connection } from '../../client/connection.ts';
import {
  createGroup,
  findRecipient,
  type Group,
  listGroups,
  listMembers,
  revoke,
  rotateKey,
  share,
} from '../../client/group.ts';
import type { InsomniaResource } from '../../client/insomnia/resource.ts';
import { logIn, logOut, type Session } from '../../client/log-in.ts';
import { changePassphrase, sendPassphraseCode } from '../../client/passphrase.ts';
import { type NewAccount, signUp, verifyAddress } from '../../client/sign-up.ts';
import { type LocalStack, tokenIn } from '../../emulator/demo/local-stack.ts';
import { accountResendVerification, sessionRevoke } from '../../shared/protocol/account.ts';
import { playGroupLife, removeAndRestore } from './group-story.ts';
import { leave } from './leaving-story.ts';
import { playReset } from './reset-story.ts';
import { playTeam } from './team-story.ts';

export interface Cast {
  readonly jane: NewAccount;
  readonly bob: NewAccount;
  readonly groupName: string;
  readonly items: readonly InsomniaResource[];
  /** Put by Jane and by Bob into the first item, one after the other. */
  readonly edits: readonly [string, string];
}

/** What the story made, keys and all: for a test to search for, or to go on with. */
export interface Played {
  readonly jane: Session;
  readonly bob: Session;
  readonly groups: readonly Group[];
}

/** Signed up, verified, logged in. */
export async function enter(stack: LocalStack, person: NewAccount): Promise<Session> {
  const connection = new Connection(stack.url);
  await signUp(connection, person);
  await connection.post('account-resend-verification', accountResendVerification, { email: person.email });
  await verifyAddress(connection, tokenIn(await stack.waitForMail(person.email, /Verify/)));
  return logIn(connection, person);
}

/** The main job from end to end, every function of it; throws where the server does what it must not. */
export async function playStory(
  stack: LocalStack,
  { jane: j, bob: b, groupName, items, edits }: Cast,
): Promise<Played> {
  const [jane, bob] = [await enter(stack, j), await enter(stack, b)];
  const group = await createGroup(jane, groupName);
  const drafts = items.map((item) => sealResource(group, { ...item, baseVersion: null }));
  const created = await push(jane, group, await Promise.all(drafts));
  expect(created.map(({ status }) => status)).toEqual(items.map(() => 'created'));

  await share(jane, group, await findRecipient(jane, b.email), 'editor');
  expect((await listMembers(jane, group)).map(({ email }) => email)).toEqual([j.email, b.email]);
  const [bobsGroup] = await listGroups(bob);
  if (bobsGroup === undefined) throw new Error('Bob sees no group.');
  const [first] = await pullAll(bob, bobsGroup);
  if (first === undefined) throw new Error('Bob pulled nothing.');
  expect(first.content).toBe(items[0]?.content);

  const [bobsEdit, janesEdit] = edits;
  expect(await pushEdit(bob, bobsGroup, first, bobsEdit)).toMatchObject({ status: 'updated' });
  const conflict = await pushEdit(jane, group, first, janesEdit);
  expect(conflict).toMatchObject({ status: 'conflict', current: { id: first.id } });
  const current = (await pullAll(jane, group)).find(({ id }) => id === first.id);
  if (current === undefined) throw new Error('The edited item is gone.');
  expect(current.content).toBe(bobsEdit);
  const edited = await pushEdit(jane, group, current, janesEdit);
  expect(edited).toMatchObject({ status: 'updated' });
  const latest = { ...current, content: janesEdit, version: edited?.version ?? '' };
  await removeAndRestore(jane, group, latest);

  await revoke(jane, group, bob.account.accountId);
  await expect(pullAll(bob, bobsGroup)).rejects.toMatchObject({ code: 'GROUP_NOT_FOUND' });
  await expect(pushEdit(jane, group, current, janesEdit)).rejects.toMatchObject({ code: 'KEY_EPOCH_STALE' });
  const kept = await pullAll(jane, group);
  const rotated = await rotateKey(jane, group, []);
  const again = kept.map((open) => sealResource(rotated, { ...open, baseVersion: open.version }));
  const updated = await push(jane, rotated, await Promise.all(again));
  expect(updated.every(({ status }) => status === 'updated')).toBe(true);

  const another = await playGroupLife(jane, bob, groupName);
  const team = await playTeam(stack, jane, b.email, async () => bob, items[0]?.content ?? '');
  await changePassphrase(bob, { oldPassphrase: b.passphrase }, `${b.passphrase} again`);
  const bobAgain = await logIn(new Connection(stack.url), { ...b, passphrase: `${b.passphrase} again` });
  expect(bobAgain.keys).toEqual(bob.keys);
  await sendPassphraseCode(bobAgain);
  const forgetful = { ...b, passphrase: `${b.passphrase} again`, session: bobAgain };
  const reset = await playReset(stack, jane, forgetful, items[0]?.content ?? '');
  await reset.bob.connection.post('session-revoke', sessionRevoke, { sessionId: 'others' });
  await logOut(reset.bob);
  const passphrase = `${forgetful.passphrase}, the second`;
  const leaving = await logIn(new Connection(stack.url), { email: b.email, passphrase });
  await leave(stack, leaving, { email: `moved.${b.email}`, passphrase });
  await logOut(jane);
  return { jane, bob: reset.bob, groups: [group, rotated, another, ...team.groups, ...reset.groups] };
}

export async function pullAll(session: Session, group: Group): Promise<OpenResource[]> {
  const opened: OpenResource[] = [];
  for await (const { changes } of pull(session, group)) {
    for (const change of changes) opened.push(await openResource(group, change));
  }
  return opened;
}

/** One edit of a resource that was pulled; hands back the verdict. */
export async function pushEdit(session: Session, group: Group, pulled: OpenResource, content: string) {
  const draft = { ...pulled, content, baseVersion: pulled.version, lastEdited: pulled.lastEdited + 1 };
  const [result] = await push(session, group, [await sealResource(group, draft)]);
  return result;
}
