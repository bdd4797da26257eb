import { openResource, pull, push, sealResource } from '../../client/changes.ts';
import { Connection } from '../../client/connection.ts';
import { createGroup, findRecipient, type Group, listGroups, share } from '../../client/group.ts';
import { logIn, type Session } from '../../client/log-in.ts';
import { finishReset, listWaiting, previewReset, readmit, startReset } from '../../client/passphrase-reset.ts';
import type { NewAccount } from '../../client/sign-up.ts';
import type { LocalStack } from '../../emulator/demo/local-stack.ts';
import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import { codeIn } from '../support/mail.ts';

interface Played {
  /** Bob with his new keys, who reads again what Jane shares. */
  readonly bob: Session;
  readonly groups: readonly Group[];
  /** What a person would have seen of it, line by line. */
  readonly transcript: readonly string[];
}

/** Bob forgets his passphrase: what only he had is lost, and Jane lets him in again to what they share. */
export async function playReset(
  stack: LocalStack,
  jane: Session,
  { session: bob, ...b }: NewAccount & { readonly session: Session },
  text: string,
): Promise<Played> {
  const transcript: string[] = [];
  const say = (line: string) => transcript.push(line);
  const shared = await createGroup(jane, 'Shared with Bob');
  const draft = { id: 'req_1', type: 'Request', name: 'Orders', content: text, baseVersion: null, lastEdited: 1 };
  await push(jane, shared, [await sealResource(shared, { ...draft, removed: false })]);
  await share(jane, shared, await findRecipient(jane, b.email), 'editor');
  const alone = await createGroup(bob, 'Only of Bob');
  await push(bob, alone, [await sealResource(alone, { ...draft, removed: false })]);

  const connection = new Connection(stack.url);
  await startReset(connection, b.email);
  const mail = await stack.waitForMail(b.email, /reset your Nightvault passphrase/);
  const token = codeIn(mail);
  say(`Bob gets a mail: ${mail.subject}`);
  const preview = await previewReset(connection, token);
  for (const { name, outcome, grantedBy } of preview.groups) {
    say(`Bob is shown: ${name}: ${outcome}${grantedBy.map(({ firstName }) => `, by ${firstName}`).join('')}`);
  }
  const passphrase = `${b.passphrase}, the second`;
  const { generation, groupsLost, groupsKept, sessionsRevoked } = await finishReset(connection, {
    ...{ token, email: preview.email, passphrase },
  });
  say(`Bob resets: generation ${generation}, ${groupsLost} lost, ${groupsKept} kept, ${sessionsRevoked} logged out`);
  await expect(logIn(connection, b)).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
  const again = await logIn(connection, { ...b, passphrase });
  expect(again.keys.publicKey).not.toEqual(bob.keys.publicKey);
  expect((await listGroups(again)).map(({ name }) => name)).toEqual([]);
  say('Bob logs in with the new passphrase and can open no group');

  const notice = await stack.waitForMail(jane.account.email, /waits to be let in again/);
  say(`Jane gets a mail: ${notice.subject}`);
  const waiting = await listWaiting(jane);
  const bobs = await publicKeyFingerprint(JSON.stringify(again.keys.publicKey));
  for (const { firstName, groupName, fingerprint } of waiting) {
    say(
      `Jane sees: ${firstName} waits for ${groupName}; the fingerprint ${fingerprint === bobs ? "is Bob's" : 'is wrong'}`,
    );
  }
  say(`Jane grants ${await readmit(jane, waiting, await listGroups(jane))} key`);
  const open = await listGroups(again);
  const read = await firstContent(again, open[0] ?? shared);
  say(`Bob opens ${open.map(({ name }) => name).join()} and reads ${read === text ? 'what Jane wrote' : 'rubbish'}`);
  return { bob: again, groups: [shared, alone], transcript };
}

async function firstContent(session: Session, group: Group): Promise<string | undefined> {
  for await (const { changes } of pull(session, group)) {
    for (const change of changes) return (await openResource(group, change)).content;
  }
  return undefined;
}
