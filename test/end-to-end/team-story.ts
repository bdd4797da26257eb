import { openResource, pull, push, sealResource } from '../../client/changes.ts';
import { createGroup, type Group, listGroups, rotateKey } from '../../client/group.ts';
import {
  acceptInvite,
  confirmInvite,
  declineInvite,
  invite,
  listInvites,
  revokeInvite,
  type SentInvite,
} from '../../client/invite.ts';
import type { Session } from '../../client/log-in.ts';
import {
  createTeam,
  grantWaiting,
  leaveTeam,
  listTeamMembers,
  listTeams,
  removeMember,
  setTeamRole,
} from '../../client/team.ts';
import type { LocalStack } from '../../emulator/demo/local-stack.ts';
import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import { groupList } from '../../shared/protocol/group.ts';
import { teamDelete, teamUpdate } from '../../shared/protocol/team.ts';

interface Played {
  readonly bob: Session;
  readonly groups: readonly Group[];
  /** What a person would have seen of it, line by line. */
  readonly transcript: readonly string[];
}

const draft = { id: 'req_1', type: 'Request', name: 'Orders', baseVersion: null, lastEdited: 1, removed: false };

/** Jane invites Bob, lets him in, and takes him out again. `enterBob` comes after the invite: he may sign up then. */
export async function playTeam(
  stack: LocalStack,
  jane: Session,
  bobsAddress: string,
  enterBob: () => Promise<Session>,
  text: string,
): Promise<Played> {
  const transcript: string[] = [];
  const say = (line: string) => transcript.push(line);
  const { id: teamId } = await createTeam(jane, 'Harbour');
  const group = await createGroup(jane, 'Team orders', teamId);
  await push(jane, group, [await sealResource(group, { ...draft, content: text })]);

  const inviteId = await invite(jane, teamId, bobsAddress, 'member');
  const invitation = await stack.waitForMail(bobsAddress, /invited/);
  say(`Bob gets a mail: ${invitation.subject}; ${/You have (an|no) account/.exec(invitation.text)?.[0]}`);
  const bob = await enterBob();
  const { received } = await listInvites(bob);
  for (const { teamName, invitedBy, role } of received) {
    say(`Bob sees an invite: ${teamName}, as ${role}, by ${invitedBy.email === jane.account.email ? 'Jane' : '?'}`);
  }
  await acceptInvite(bob, { inviteId });
  for (const listed of (await bob.connection.get('group-list', groupList, {})).groups) {
    if (listed.linkState !== 'waiting-for-key') continue;
    const { name, grantedBy } = listed;
    const names = grantedBy.map(({ accountId }) => (accountId === jane.account.accountId ? 'Jane' : '?'));
    say(`Bob accepts, opens ${(await opened(bob, teamId)).length} groups; ${name} waits for ${names}`);
  }
  await expect(firstContent(bob, group)).rejects.toMatchObject({ code: 'KEY_NOT_GRANTED' });

  say(`Jane gets a mail: ${(await stack.waitForMail(jane.account.email, /accepted/)).subject}`);
  const accepted = (await listInvites(jane)).sent.find((each) => each.inviteId === inviteId);
  if (accepted === undefined) throw new Error('Jane does not see her invite.');
  await confirm(jane, accepted, bob, say);
  const [bobsGroup] = await opened(bob, teamId);
  say(
    `Bob opens ${bobsGroup?.name} and reads ${(await firstContent(bob, bobsGroup)) === text ? 'what Jane wrote' : '?'}`,
  );

  const later = await createGroup(jane, 'Made later', teamId);
  const isBobs = await comparing(bob);
  say(`Jane makes a group; ${await grantWaiting(jane, teamId, await listGroups(jane), isBobs)} key is given`);
  await push(bob, later, [await sealResource(later, { ...draft, content: text })]);

  const required = await removeMember(jane, teamId, bob.account.accountId);
  say(`Jane takes Bob out: ${required.map(({ name }) => name).sort()} need new keys`);
  await expect(firstContent(bob, bobsGroup)).rejects.toMatchObject({ code: 'GROUP_NOT_FOUND' });
  expect(await opened(bob, teamId)).toEqual([]);
  const stale = { ...draft, content: '{}' };
  await expect(push(jane, group, [await sealResource(group, stale)])).rejects.toMatchObject({
    code: 'KEY_EPOCH_STALE',
  });
  const rotated: Group[] = [];
  for (const group of await listGroups(jane)) {
    if (!required.some(({ groupId }) => groupId === group.id)) continue;
    const each = await rotateKey(jane, group, []);
    rotated.push(each);
    const [result] = await push(jane, each, [await sealResource(each, { ...draft, id: 'req_2', content: text })]);
    say(`Jane rotates ${each.name} to epoch ${each.keyEpoch} and pushes: ${result?.status}`);
  }
  await playRest(stack, jane, bob);
  return { bob, groups: [group, later, ...rotated], transcript };
}

async function confirm(jane: Session, accepted: SentInvite, bob: Session, say: (line: string) => void) {
  const groups = await listGroups(jane);
  await expect(confirmInvite(jane, accepted, groups, () => false)).rejects.toMatchObject({
    code: 'FINGERPRINT_REFUSED',
  });
  say(`Jane sees: ${accepted.accepted?.firstName === bob.account.firstName ? 'Bob' : '?'} has ${accepted.state}`);
  const left = await confirmInvite(jane, accepted, groups, await comparing(bob));
  say(`Jane confirms, having compared the fingerprint; ${left.length} groups are left`);
}

/** Takes Bob's own key for Bob's, as Jane does who has asked him. */
async function comparing(bob: Session) {
  const fingerprint = await publicKeyFingerprint(JSON.stringify(bob.keys.publicKey));
  return (person: { fingerprint: string }) => person.fingerprint === fingerprint;
}

/** What else a team goes through: declined, taken back, a new admin, left, renamed, deleted. */
async function playRest(stack: LocalStack, jane: Session, bob: Session): Promise<void> {
  const { email, accountId } = bob.account;
  const { id: teamId } = await createTeam(jane, 'Pier');
  await declineInvite(bob, { inviteId: await invite(jane, teamId, email, 'member') });
  await revokeInvite(jane, await invite(jane, teamId, email, 'admin'));
  expect((await listInvites(bob)).received).toEqual([]);
  await jane.connection.post('team-update', teamUpdate, { teamId, name: 'Long pier' });
  await invite(jane, teamId, email, 'member');
  await acceptInvite(bob, { code: await codeFor('Long pier', email, stack) });
  await setTeamRole(jane, teamId, accountId, 'admin');
  expect(await listTeamMembers(bob, teamId)).toMatchObject([{ role: 'admin' }, { accountId, role: 'admin' }]);
  await leaveTeam(jane, teamId);
  await bob.connection.post('team-delete', teamDelete, { teamId });
  expect((await listTeams(bob)).map(({ name }) => name)).toEqual(['Personal']);
}

async function codeFor(teamName: string, to: string, stack: LocalStack): Promise<string> {
  for (;;) {
    const mail = (await stack.mails()).find((each) => each.to === to && each.text.includes(`“${teamName}”`));
    const code = /code in the app: ([A-Za-z0-9_-]{43})$/m.exec(mail?.text ?? '')?.[1];
    if (code !== undefined) return code;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const opened = async (session: Session, teamId: string): Promise<Group[]> =>
  (await listGroups(session)).filter((group) => group.teamId === teamId);

async function firstContent(session: Session, group: Group | undefined): Promise<string | undefined> {
  if (group === undefined) throw new Error('There is no group to read.');
  for await (const { changes } of pull(session, group)) {
    for (const change of changes) return (await openResource(group, change)).content;
  }
  return undefined;
}
