import { createAccountKeys } from '../../../shared/crypto/account-keys.ts';
import { accounts } from '../../../shared/store/accounts.ts';
import { update } from '../../../shared/store/database.ts';
import { groups, links, oldKeys } from '../../../shared/store/groups.ts';
import { teamMembers } from '../../../shared/store/teams.ts';
import { accepted, confirm, invited, listed } from '../../support/invites.ts';
import { type Member, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { shareWith } from '../../support/sync.ts';
import { joinTeam, newTeam, newTeamGroup } from '../../support/teams.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
let teamId: string;
beforeAll(async () => {
  stack = await startTestStack();
});
beforeEach(async () => {
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
  teamId = await newTeam(stack, jane);
});
afterAll(() => stack.stop());

const call = (name: string, { token }: Member, body: object) => stack.call(name, { token, body });
const linkOf = async (groupId: string, { accountId }: Member) =>
  (await stack.platform.database.get(links(groupId).doc(accountId)))[0]?.data;
const groupOf = async (groupId: string) => {
  const [group] = await stack.platform.database.get(groups.doc(groupId));
  if (group === undefined) throw new Error('The group is not there.');
  return group;
};

describe('invite-confirm', () => {
  it('gives the keys, the role and the end of the invite in one, and says what is left', async () => {
    const [first, second, left] = [
      await newTeamGroup(stack, jane, teamId, 'First'),
      await newTeamGroup(stack, jane, teamId, 'Second'),
      await newTeamGroup(stack, jane, teamId, 'Left'),
    ];
    const inviteId = await accepted(stack, jane, teamId, bob);
    const answer = await confirm(stack, jane, inviteId, bob, [first, second]);
    expect(answer).toMatchObject({
      status: 200,
      body: { inviteId, state: 'confirmed', accountId: bob.accountId, granted: [first, second], waiting: [left] },
    });
    for (const groupId of [first, second]) {
      expect(await linkOf(groupId, bob)).toMatchObject({ role: 'editor', keyEpoch: 1, state: 'active' });
      expect((await groupOf(groupId)).data.members).toBe(2);
      await expect(call('changes-pull', bob, { groupId })).resolves.toMatchObject({ status: 200 });
    }
    expect((await listed(stack, jane)).sent).toMatchObject([{ state: 'confirmed' }]);
    expect(await stack.mailbox.waitFor(bob.email, 3)).toMatchObject({ subject: 'You have access to your team' });
    const audits = await Promise.all([jane, bob].map(({ token }) => stack.call('audit-list', { token })));
    expect(audits.map(({ body }) => (body as { events: { event: string }[] }).events[0]?.event)).toEqual([
      'invite-confirmed',
      'team-access-granted',
    ]);
    await expect(confirm(stack, jane, inviteId, bob, [left])).resolves.toMatchObject({
      status: 410,
      body: { code: 'INVITE_OVER', detail: 'The invite is confirmed.' },
    });
  });

  it('makes an admin of whom was invited as one, in the team and in its groups; a role may be given', async () => {
    const [first, second] = [await newTeamGroup(stack, jane, teamId), await newTeamGroup(stack, jane, teamId)];
    const inviteId = await accepted(stack, jane, teamId, bob, 'admin');
    const links = [
      { groupId: first, keyEpoch: 1, encSymmetricKey: wrappedKey() },
      { groupId: second, keyEpoch: 1, encSymmetricKey: wrappedKey(), role: 'viewer' },
    ];
    expect((await confirm(stack, jane, inviteId, bob, [], { links })).status).toBe(200);
    const [member] = await stack.platform.database.get(teamMembers(teamId).doc(bob.accountId));
    const roles = [member?.data.role, (await linkOf(first, bob))?.role, (await linkOf(second, bob))?.role];
    expect(roles).toEqual(['admin', 'admin', 'viewer']);
  });

  it('refuses the key of another fingerprint, and one that was replaced after it was seen', async () => {
    const groupId = await newTeamGroup(stack, jane, teamId);
    const inviteId = await accepted(stack, jane, teamId, bob);
    const refused = {
      status: 409,
      body: {
        code: 'FINGERPRINT_MISMATCH',
        detail: 'The key of that account has another fingerprint than the one that was compared.',
        accountId: bob.accountId,
      },
    };
    const wrong = { publicKeyFingerprint: `${'0000 '.repeat(15)}0000` };
    await expect(confirm(stack, jane, inviteId, bob, [groupId], wrong)).resolves.toMatchObject(refused);
    const { database } = stack.platform;
    const [account] = await database.get(accounts.doc(bob.accountId));
    if (account === undefined) throw new Error('Bob has no account.');
    const publicKey = JSON.stringify((await createAccountKeys()).publicKey);
    await database.commit([update(account, { publicKey, generation: 2 })]);
    await expect(confirm(stack, jane, inviteId, bob, [groupId])).resolves.toMatchObject(refused);
    expect(await linkOf(groupId, bob)).toBeUndefined();
    expect((await listed(stack, jane)).sent).toMatchObject([{ state: 'accepted' }]);
  });

  it('gives all or nothing: a stale epoch, a group whose key must be rotated, one of another team', async () => {
    const [first, second] = [await newTeamGroup(stack, jane, teamId), await newTeamGroup(stack, jane, teamId)];
    const inviteId = await accepted(stack, jane, teamId, bob);
    await stack.platform.database.commit([update(await groupOf(second), { keyEpoch: 2 })]);
    await expect(confirm(stack, jane, inviteId, bob, [first, second])).resolves.toMatchObject({
      status: 409,
      body: { code: 'KEY_EPOCH_STALE', groupId: second, keyEpoch: 2, rotationRequired: false },
    });
    await stack.platform.database.commit([update(await groupOf(second), { keyEpoch: 1, rotationRequired: true })]);
    await expect(confirm(stack, jane, inviteId, bob, [first, second])).resolves.toMatchObject({
      status: 409,
      body: { code: 'KEY_EPOCH_STALE', groupId: second, rotationRequired: true },
    });
    const elsewhere = await newGroup(stack, jane);
    await expect(confirm(stack, jane, inviteId, bob, [first, elsewhere])).resolves.toMatchObject({
      status: 404,
      body: { code: 'GROUP_NOT_FOUND', detail: 'The team has no such group.', groupId: elsewhere },
    });
    const bobs = await newTeamGroup(stack, bob, teamId);
    await expect(confirm(stack, jane, inviteId, bob, [first, bobs])).resolves.toMatchObject({
      status: 403,
      body: { code: 'KEY_NOT_GRANTED', detail: 'You have no key to this group yourself.', groupId: bobs },
    });
    expect(await linkOf(first, bob)).toBeUndefined();
  });

  it('takes old keys along, and names one that is none', async () => {
    const groupId = await newTeamGroup(stack, jane, teamId);
    await call('group-rotate-key', jane, {
      groupId,
      baseKeyEpoch: 1,
      links: [{ accountId: jane.accountId, encSymmetricKey: wrappedKey() }],
    });
    const inviteId = await accepted(stack, jane, teamId, bob);
    const link = (keyEpoch: number) => ({
      links: [
        { groupId, keyEpoch: 2, encSymmetricKey: wrappedKey(), oldKeys: [{ keyEpoch, encSymmetricKey: wrappedKey() }] },
      ],
    });
    await expect(confirm(stack, jane, inviteId, bob, [], link(2))).resolves.toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', errors: [{ path: '/links/0/oldKeys/0/keyEpoch' }] },
    });
    expect((await confirm(stack, jane, inviteId, bob, [], link(1))).status).toBe(200);
    const kept = await stack.platform.database.list({ collection: oldKeys(groupId, bob.accountId), where: [] });
    expect(kept.map(({ id }) => id)).toEqual(['1']);
  });

  it('counts a key that somebody gave meanwhile as given', async () => {
    const groupId = await newTeamGroup(stack, jane, teamId);
    const inviteId = await accepted(stack, jane, teamId, bob);
    await shareWith(stack, jane, groupId, bob, 'viewer');
    await expect(confirm(stack, jane, inviteId, bob, [groupId])).resolves.toMatchObject({
      status: 200,
      body: { granted: [groupId], waiting: [] },
    });
    expect(await linkOf(groupId, bob)).toMatchObject({ role: 'viewer' });
  });

  it('waits until somebody has accepted, and is for admins of the team', async () => {
    const inviteId = await invited(stack, jane, teamId, bob.email);
    await expect(confirm(stack, jane, inviteId, bob, [])).resolves.toMatchObject({
      status: 409,
      body: { code: 'INVITE_NOT_ACCEPTED', state: 'pending' },
    });
    await call('invite-accept', bob, { inviteId });
    const notFound = { status: 404, body: { code: 'INVITE_NOT_FOUND' } };
    await expect(confirm(stack, bob, inviteId, bob, [])).resolves.toMatchObject(notFound);
    const other = await newMember(stack, 'jane');
    await joinTeam(stack, teamId, other, 'admin');
    await expect(confirm(stack, other, inviteId, bob, [])).resolves.toMatchObject({ status: 200 });
  });

  it.each([
    ['/publicKeyFingerprint', { publicKeyFingerprint: 'abcd' }],
    [
      '/links',
      { links: [0, 1].map(() => ({ groupId: `grp_${'0'.repeat(32)}`, keyEpoch: 1, encSymmetricKey: wrappedKey() })) },
    ],
    ['/links/0/encSymmetricKey', { links: [{ groupId: `grp_${'0'.repeat(32)}`, keyEpoch: 1, encSymmetricKey: 'x' }] }],
  ])('names %s when it is wrong', async (path, wrong) => {
    const inviteId = await accepted(stack, jane, teamId, bob);
    await expect(confirm(stack, jane, inviteId, bob, [], wrong)).resolves.toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', errors: [{ path }] },
    });
  });

  it('or link-create, at the same moment as a removal, leaves nobody outside with a key', async () => {
    for (let round = 0; round < 6; round += 1) {
      const member = await newMember(stack, 'bob');
      const groupId = await newTeamGroup(stack, jane, teamId);
      const inviteId = await accepted(stack, jane, teamId, member);
      const give =
        round % 2 === 0
          ? confirm(stack, jane, inviteId, member, [groupId])
          : call('link-create', jane, {
              groupId,
              accountId: member.accountId,
              role: 'editor',
              keyEpoch: 1,
              encSymmetricKey: wrappedKey(),
            });
      const [given, removed] = await Promise.all([
        give,
        call('team-member-remove', jane, { teamId, accountId: member.accountId }),
      ]);
      expect(removed.status).toBe(200);
      // A guest by name is another matter: that is what link-create makes of somebody who is out already.
      const isGuest =
        round % 2 === 1 &&
        given.status === 201 &&
        (removed.body as { rotationRequired: object[] }).rotationRequired.length === 0;
      if (!isGuest) expect(await linkOf(groupId, member)).toBeUndefined();
    }
  });
});
