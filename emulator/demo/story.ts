import { type Draft, type OpenResource, openResource, pull, push, sealResource } from '../../client/changes.ts';
import { CallFailed } from '../../client/failures.ts';
import { createGroup, findRecipient, type Group, listGroups, revoke, rotateKey, share } from '../../client/group.ts';
import { history, restore, type Version } from '../../client/history.ts';
import type { Session } from '../../client/log-in.ts';
import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import type { ChangeResult } from '../../shared/protocol/changes.ts';
import type { ProblemCode } from '../../shared/protocol/problems.ts';
import { readInsomniaExport } from './insomnia-export.ts';
import type { LocalStack } from './local-stack.ts';
import { mergeFields, type RequestContent, requestIn } from './merge.ts';
import type { Narrator, Progress } from './narrator.ts';
import { enter, janeAndBob, join } from './people.ts';
import { showBothSides } from './reveal.ts';

const project = new URL('../../test/fixtures/insomnia-export.json', import.meta.url);
const pushedAtOnce = 8;
const edited = 'Pay by card';

/** Jane and Bob, the standards document's own example, from sign-up to key rotation. Every step is a call by wire. */
export async function tell(narrator: Narrator, stack: LocalStack): Promise<void> {
  const { chapter, say, seen, refused } = narrator;
  const people = await janeAndBob(stack);

  chapter('Jane and Bob sign up');
  say('Their keys are made on their own computers. The server gets a verifier, public keys,');
  say('and boxes that only a passphrase opens. It never gets the passphrase.');
  for (const told of await Promise.all(people.map((person) => join(stack, person)))) seen(told);

  chapter('They log in');
  say('By SRP: both sides prove what they know, and neither says it.');
  const logins = await Promise.all([enter(stack, people[0]), enter(stack, people[1])]);
  for (const { told } of logins) seen(told);
  const [{ session: jane }, { session: bob }] = logins;

  chapter('Jane imports an Insomnia project and pushes it');
  const items = await readInsomniaExport(project);
  const group = await createGroup(jane, 'Harbour Goods API');
  const sealing = items.map((item) => sealResource(group, { ...item, baseVersion: null }));
  await pushAll(jane, group, await Promise.all(sealing), narrator.progress('Encrypted and pushed', items.length));
  const requests = items.filter(({ type }) => type === 'Request').length;
  seen(`${items.length} resources, ${requests} of them requests, are on the server as ciphertext.`);

  chapter('Jane shares the group with Bob');
  const recipient = await findRecipient(jane, bob.account.email);
  const own = await publicKeyFingerprint(JSON.stringify(bob.keys.publicKey));
  say("The server says that this is Bob's key. Jane reads its fingerprint to Bob on the phone:");
  say(narrator.paint.cyan(recipient.fingerprint));
  if (recipient.fingerprint !== own) throw new Error("The server handed out a key that is not Bob's.");
  seen('It is the one Bob sees on his side.');
  await share(jane, group, recipient, 'editor');
  seen("The group's key is wrapped to Bob's key. Bob may read and edit.");

  chapter('Bob pulls and decrypts');
  const [bobsGroup] = (await listGroups(bob)).filter(({ id }) => id === group.id);
  if (bobsGroup === undefined) throw new Error('The group is not in what Bob lists.');
  const bobSees = await pullAll(bob, bobsGroup);
  seen(`${bobSees.length} resources, and all of them open: “${bobSees.at(-1)?.name}” is the last.`);

  chapter(`Both edit “${edited}” at the same time`);
  const before = await theEdited(jane, group);
  const base = requestIn(before);
  const bobs: RequestContent = { ...base, description: 'Bob: the provider wants integers in cents.' };
  const janes: RequestContent = { ...base, url: `${base.url}?capture=later` };
  await pushOne(bob, bobsGroup, before, bobs, before.version, 'updated');
  seen('Bob is first: his description is written.');
  const conflict = await pushOne(jane, group, before, janes, before.version, 'conflict');
  if (conflict.current === undefined) throw new Error('The conflict came without the version that stands.');
  const current = await openResource(group, conflict.current);
  refused("Jane's edit is not written: conflict. The answer holds what stands, and Jane still has hers:");
  say(`  Bob wrote   ${narrator.paint.cyan(`description = ${requestIn(current).description}`)}`);
  say(`  Jane wrote  ${narrator.paint.cyan(`url = …${janes.url.slice(-40)}`)}`);
  const merged = mergeFields(base, janes, requestIn(current));
  await pushOne(jane, group, before, merged, current.version, 'updated');
  const bobReads = await theEdited(bob, bobsGroup);
  if (bobReads.content !== JSON.stringify(merged)) throw new Error('Bob does not read what Jane merged.');
  seen('Jane merges the two and pushes. Bob pulls: both edits are there, nothing is lost.');

  chapter(`Bob removes “${edited}”, and Jane has it back`);
  const { content: _content, ...removal } = { ...bobReads, baseVersion: bobReads.version, lastEdited: Date.now() };
  const gone = await sealResource(bobsGroup, { ...removal, content: '{}', removed: true });
  const [removed] = await push(bob, bobsGroup, [gone]);
  if (removed?.status !== 'removed' || removed.version === null) throw new Error('The request was not removed.');
  seen('Bob has tidied up a little too much: the request is gone for both.');
  const kept = await versionsOf(jane, group, before.id);
  for (const { version, lastEditedBy, removed: isRemoval } of kept) {
    const who = lastEditedBy === jane.account.accountId ? 'Jane' : 'Bob';
    say(`  ${narrator.paint.cyan(version.padEnd(12))} ${who.padEnd(5)} ${isRemoval ? 'removed it' : 'wrote it'}`);
  }
  const wanted = kept.find(({ version }) => version === bobReads.version);
  if (wanted === undefined) throw new Error('The history does not hold what both had written.');
  const restored = await restore(jane, group, wanted, removed.version);
  if (restored.status !== 'updated') throw new Error(`The restore was answered ${restored.status}.`);
  const back = await theEdited(bob, bobsGroup);
  if (back.content !== bobReads.content) throw new Error('What came back is not what was removed.');
  seen(`Jane restores it from ${kept.length} versions; the removal stays in the history as well.`);

  chapter("Jane revokes Bob's link");
  await revoke(jane, group, bob.account.accountId);
  await refuses(narrator, "Bob's next pull", 'GROUP_NOT_FOUND', () => pullAll(bob, bobsGroup));
  const late = () => pushOne(jane, group, before, merged, back.version, 'updated');
  await refuses(narrator, "Jane's push under the old key", 'KEY_EPOCH_STALE', late);

  chapter('Jane rotates the key and pushes again');
  const old = await pullAll(jane, group);
  const rotated = await rotateKey(jane, group, []);
  const drafts = old.map((open) => sealResource(rotated, { ...open, baseVersion: open.version }));
  await pushAll(jane, rotated, await Promise.all(drafts), narrator.progress('Encrypted anew and pushed', old.length));
  seen(`Everything is under key ${rotated.keyEpoch} now, which Bob never had.`);

  await showBothSides(narrator, stack, {
    group: rotated,
    bobReads: back,
    secrets: people.map(({ passphrase }) => passphrase),
  });
}

async function pushAll(session: Session, group: Group, changes: Parameters<typeof push>[2], progress: Progress) {
  for (let at = 0; at < changes.length; at += pushedAtOnce) {
    const results = await push(session, group, changes.slice(at, at + pushedAtOnce));
    const strange = results.find(({ status }) => status !== 'created' && status !== 'updated');
    if (strange !== undefined) throw new Error(`The resource ${strange.id} was not written: ${strange.status}.`);
    progress.advance(results.length);
  }
  progress.end();
}

async function pullAll(session: Session, group: Group): Promise<OpenResource[]> {
  const opened: OpenResource[] = [];
  for await (const { changes } of pull(session, group)) {
    opened.push(...(await Promise.all(changes.map((change) => openResource(group, change)))));
  }
  return opened;
}

async function versionsOf(session: Session, group: Group, id: string): Promise<Version[]> {
  const versions: Version[] = [];
  for await (const version of history(session, group, id)) versions.push(version);
  return versions;
}

async function theEdited(session: Session, group: Group): Promise<OpenResource> {
  const found = (await pullAll(session, group)).find(({ name }) => name === edited);
  if (found === undefined) throw new Error(`The project holds no request “${edited}”.`);
  return found;
}

/** Pushes one edit and expects this verdict. */
async function pushOne(
  session: Session,
  group: Group,
  { id, type, name }: OpenResource,
  content: RequestContent,
  baseVersion: string,
  expected: ChangeResult['status'],
): Promise<ChangeResult> {
  const draft: Draft = { id, type, name, content: JSON.stringify(content), baseVersion, lastEdited: Date.now() };
  const [result] = await push(session, group, [await sealResource(group, draft)]);
  if (result?.status === expected) return result;
  throw new Error(`“${name}” was to be ${expected}, but the server said ${result?.status ?? 'nothing'}.`);
}

/** Shows how the server refuses a call that it must refuse. @throws Error when it does not */
async function refuses(narrator: Narrator, what: string, expected: ProblemCode, call: () => Promise<unknown>) {
  const failure: unknown = await call().then(
    () => new Error(`The server should have refused with ${expected}, and did not.`),
    (error) => error,
  );
  if (!(failure instanceof CallFailed) || failure.code !== expected) throw failure;
  narrator.refused(`${what}: ${failure.problem.status} ${failure.code}.`);
  narrator.say(`  ${failure.message}`);
}
