import { randomBytes } from 'node:crypto';
import { sha256Hex } from '../../../shared/platform/hash.ts';
import { charge } from '../../../shared/platform/rate-limit.ts';
import { rateRules } from '../../../shared/protocol/rate-rules.ts';
import { accounts } from '../../../shared/store/accounts.ts';
import { create, remove, update } from '../../../shared/store/database.ts';
import { departures } from '../../../shared/store/departures.ts';
import { groups, links } from '../../../shared/store/groups.ts';
import { logins } from '../../../shared/store/logins.ts';
import { outbox } from '../../../shared/store/outbox.ts';
import { sessions } from '../../../shared/store/sessions.ts';
import { personalTeamOf, teamMembers, teams } from '../../../shared/store/teams.ts';
import { callInProcess, jsonRequest } from '../../support/in-process.ts';
import {
  deleteAccount,
  type Estate,
  must,
  proofOf,
  type Refusal,
  settle,
  sweepDepartures,
  traces,
} from '../../support/leaving.ts';
import { codeIn, mailsTo } from '../../support/mail.ts';
import { attemptLogin, type Member, makePerson, newGroup, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, later, pullAll, push, shareWith, write } from '../../support/sync.ts';
import { newTeam, newTeamGroup } from '../../support/teams.ts';
import { wholeStore } from '../../support/whole-store.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
beforeEach(async () => {
  stack = await startTestStack();
  [jane, bob] = [await newMember(stack), await newMember(stack, 'bob')];
});
afterEach(() => stack.stop());

const failed = {
  status: 403,
  body: { code: 'PROOF_FAILED', detail: 'The passphrase or the code is wrong, used or too old.' },
};
const gone = (counts: object) => ({ status: 200, body: { deleted: true, ...counts } });
const nothing = { groupsDeleted: 0, groupsTransferred: 0, groupsLeft: 0 };

async function mailedCode(email: string, mails = 2): Promise<string> {
  const mail = await stack.mailbox.waitFor(email, mails);
  expect(mail.subject).toBe('Your code to delete a Nightvault account');
  return codeIn(mail);
}

const codeFor = async (email: string, mails = 2) => {
  await stack.call('account-delete-code-send', { body: { email } });
  return mailedCode(email, mails);
};

/** Until the mail that tells of the deletion is noted as sent. */
async function noticeSent(email: string) {
  for (;;) {
    const mails = await stack.platform.database.list({ collection: outbox, where: [['to', '==', email]] });
    if (mails.every(({ data }) => data.state === 'sent')) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Every secret, key and name of a person that the store could hold. */
const everything = (member: Member): string[] => {
  const { email, accountId, token, signUpBody } = member;
  const { saltKey = '', saltAuth = '', saltEnc = '' } = signUpBody;
  return [email, accountId, sha256Hex(email), sha256Hex(token), saltKey, saltAuth, saltEnc];
};

/** Documents of others that go on naming an author by his id: versions and resources of groups that live on. */
const asAuthor = (estate: Pick<Estate, 'shared' | 'bobs'>, transferred: readonly string[] = []) =>
  new RegExp(
    `^groups/(${[estate.shared, estate.bobs, ...transferred].join('|')})(/resources/[^/]+(/history/\\d+)?|/blobs/\\w+)?$`,
  );

describe('account-delete', () => {
  it('leaves no trace in the whole store but an author’s id, where others go on with what was shared', async () => {
    const estate = await settle(stack, jane, bob);
    const names = everything(jane);
    const counted = charge(rateRules.passphraseCodeByAccount, jane.accountId, Date.now()).window;
    expect(await stack.platform.database.get(counted)).toMatchObject([{ data: { count: 1 } }]);
    expect((await traces(stack, names)).length).toBeGreaterThan(40);
    const choices = [
      { groupId: estate.alone, action: 'delete' },
      { groupId: estate.ruled, action: 'delete' },
    ];
    const answer = await deleteAccount(stack, { proof: await proofOf(stack, jane), groups: choices });
    expect(answer).toMatchObject(gone({ groupsDeleted: 3, groupsTransferred: 0, groupsLeft: 2 }));
    const notice = await stack.mailbox.waitFor(jane.email, 3);
    expect(notice.text).toContain('Your account was deleted, with all that belonged to it. It cannot be brought back.');
    await noticeSent(jane.email);
    await sweepDepartures(stack.platform, 20);

    // The documented exceptions, all of them: docs/leaving.md.
    const left = await traces(stack, names);
    const bobsRecords = (await wholeStore(stack))
      .filter(({ text }) => text.includes(`"accountId":{"stringValue":"${bob.accountId}"}`))
      .map(({ path }) => path)
      .filter((path) => path.startsWith('idempotency/'));
    const author = asAuthor(estate);
    expect(left.filter((path) => !author.test(path) && !bobsRecords.includes(path))).toEqual([]);
    const ids = await traces(
      stack,
      names.filter((name) => name !== jane.accountId),
    );
    expect(ids).toEqual([]);
    for (const name of [estate.alone, estate.ruled, estate.deleted]) expect(await traces(stack, [name])).toEqual([]);
    expect(await stack.platform.database.get(counted)).toEqual([undefined]);
    expect(await stack.platform.database.list({ collection: departures, where: [] })).toEqual([]);
  }, 60_000);

  it('makes the account dead at once: no login, no session, no group', async () => {
    const estate = await settle(stack, jane, bob);
    const other = (await attemptLogin(stack, jane)).token;
    const choices = [
      { groupId: estate.alone, action: 'delete' },
      { groupId: estate.ruled, action: 'transfer', to: bob.accountId },
    ];
    await deleteAccount(stack, { proof: await proofOf(stack, jane), groups: choices });
    for (const token of [jane.token, other]) expect((await stack.call('session-whoami', { token })).status).toBe(401);
    expect((await attemptLogin(stack, jane)).finished).toMatchObject({ status: 401, body: { code: 'LOGIN_FAILED' } });
    const asked = { token: bob.token, body: { email: jane.email } };
    await expect(stack.call('public-key-get', asked)).resolves.toMatchObject({ body: { code: 'ACCOUNT_NOT_FOUND' } });
    const { body } = await stack.call('link-list', { token: bob.token, query: { groupId: estate.bobs } });
    expect((body as { links: object[] }).links).toMatchObject([{ accountId: bob.accountId }]);
    // Pushes wait for a new key, as when anybody leaves.
    await expect(push(stack, bob, estate.bobs, [change('req_9')])).resolves.toMatchObject({
      status: 409,
      body: { code: 'KEY_EPOCH_STALE' },
    });
  }, 60_000);

  it('lists the groups that need a choice, and changes nothing until each has one', async () => {
    const estate = await settle(stack, jane, bob);
    const before = (await wholeStore(stack)).filter(({ path }) => /^(groups|accounts|logins|sessions)\//.test(path));
    const refused = await deleteAccount(stack, { proof: await proofOf(stack, jane) });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'GROUPS_NEED_CHOICE',
        detail:
          'Of 2 of your groups nobody else is an admin: say of each whether it is deleted, or transferred to a member whose link is active.',
        more: false,
      },
    });
    const byId = (list: Refusal['groups']) => [...list].sort((a, b) => a.groupId.localeCompare(b.groupId));
    const bobAsMember = {
      accountId: bob.accountId,
      email: bob.email,
      firstName: 'Bob',
      lastName: '',
      role: 'editor',
      state: 'active',
    };
    expect(byId((refused.body as Refusal).groups)).toEqual(
      byId([
        { groupId: estate.alone, reason: 'no-choice', members: [], name: 'Parent' } as Refusal['groups'][number],
        {
          groupId: estate.ruled,
          reason: 'no-choice',
          members: [bobAsMember],
          name: 'Web shop',
        } as Refusal['groups'][number],
      ]),
    );
    const stranger = `acct_${'0'.repeat(32)}`;
    const wrong = [
      { groupId: estate.alone, action: 'delete' },
      { groupId: estate.ruled, action: 'transfer', to: stranger },
    ];
    const again = await deleteAccount(stack, { proof: await proofOf(stack, jane), groups: wrong });
    expect((again.body as Refusal).groups).toMatchObject([{ groupId: estate.ruled, reason: 'not-transferable' }]);
    expect((await wholeStore(stack)).filter(({ path }) => /^(groups|accounts|logins|sessions)\//.test(path))).toEqual(
      before,
    );
    expect(await stack.platform.database.list({ collection: departures, where: [] })).toEqual([]);
  }, 60_000);

  it('transfers a group to a member, who can rotate its key, and reads and writes on', async () => {
    const groupId = await newGroup(stack, jane);
    await shareWith(stack, jane, groupId, bob, 'viewer');
    await write(stack, jane, groupId, change('req_1'));
    const groupsChosen = [{ groupId, action: 'transfer', to: bob.accountId }];
    const answer = await deleteAccount(stack, { proof: await proofOf(stack, jane), groups: groupsChosen });
    expect(answer).toMatchObject(gone({ ...nothing, groupsTransferred: 1 }));
    const rotation = {
      groupId,
      baseKeyEpoch: 1,
      links: [{ accountId: bob.accountId, encSymmetricKey: 'ab'.repeat(256) }],
    };
    await must(stack, 'group-rotate-key', bob, rotation);
    await write(stack, bob, groupId, change('req_2'), { keyEpoch: 2 });
    const { all } = await pullAll(stack, bob, groupId);
    expect(all.map(({ id, createdBy }) => ({ id, createdBy }))).toEqual([
      { id: 'req_1', createdBy: jane.accountId },
      { id: 'req_2', createdBy: bob.accountId },
    ]);
  });

  describe('of a group whose members have reset their passphrases', () => {
    /** As a reset leaves the link. */
    async function close(groupId: string, { accountId }: Member) {
      const [link] = await stack.platform.database.get(links(groupId).doc(accountId));
      if (link === undefined) throw new Error('There is no link.');
      await stack.platform.database.commit([update(link, { state: 'needs-rekey' })]);
    }
    const standing = async (groupId: string) => (await stack.platform.database.get(groups.doc(groupId)))[0];
    const leave = async (member: Member, chosen: object[] = []) =>
      deleteAccount(stack, { proof: await proofOf(stack, member), groups: chosen });

    it('transfers nothing to a member who cannot open it, and asks though there is such an admin', async () => {
      const groupId = await newGroup(stack, jane);
      await shareWith(stack, jane, groupId, bob, 'admin');
      await close(groupId, bob);
      const refused = await leave(jane, [{ groupId, action: 'transfer', to: bob.accountId }]);
      expect(refused).toMatchObject({ status: 409, body: { groups: [{ groupId, reason: 'not-transferable' }] } });
    });

    it('leaves it to such an admin, where somebody can let them in again', async () => {
      const groupId = await newGroup(stack, jane);
      const third = await newMember(stack, 'bob');
      await shareWith(stack, jane, groupId, bob, 'admin');
      await shareWith(stack, jane, groupId, third, 'viewer');
      await close(groupId, bob);
      await expect(leave(jane)).resolves.toMatchObject(gone({ ...nothing, groupsLeft: 1 }));
      expect((await standing(groupId))?.data).toMatchObject({ members: 2, lost: false });
      // The last who could open it: its admin can start it again.
      await expect(leave(third)).resolves.toMatchObject(gone({ ...nothing, groupsLeft: 1 }));
      expect((await standing(groupId))?.data).toMatchObject({ members: 1, lost: true });
    });

    it('transfers a lost group to whoever is in it', async () => {
      const groupId = await newGroup(stack, jane);
      await shareWith(stack, jane, groupId, bob, 'editor');
      for (const member of [jane, bob]) await close(groupId, member);
      const group = await standing(groupId);
      if (group === undefined) throw new Error('There is no group.');
      await stack.platform.database.commit([update(group, { lost: true })]);
      const chosen = [{ groupId, action: 'transfer', to: bob.accountId }];
      await expect(leave(jane, chosen)).resolves.toMatchObject(gone({ ...nothing, groupsTransferred: 1 }));
      expect((await standing(groupId))?.data).toMatchObject({ members: 1, lost: true });
    });
  });

  it('believes a mailed code, without session or passphrase, once, and of the account it was mailed to', async () => {
    const code = await codeFor(jane.email);
    const bobsCode = await codeFor(bob.email);
    await expect(deleteAccount(stack, { proof: { code } })).resolves.toMatchObject(gone(nothing));
    await expect(deleteAccount(stack, { proof: { code } })).resolves.toMatchObject(failed);
    expect((await attemptLogin(stack, jane)).finished.status).toBe(401);
    expect((await attemptLogin(stack, bob)).finished.status).toBe(200);
    await expect(deleteAccount(stack, { proof: { code: bobsCode } })).resolves.toMatchObject({ status: 200 });
    expect((await attemptLogin(stack, bob)).finished.status).toBe(401);
  });

  it('keeps a code for the next call when a choice is missing', async () => {
    const groupId = await newGroup(stack, jane);
    const code = await codeFor(jane.email);
    await expect(deleteAccount(stack, { proof: { code } })).resolves.toMatchObject({ status: 409 });
    const choices = [{ groupId, action: 'delete' }];
    await expect(deleteAccount(stack, { proof: { code }, groups: choices })).resolves.toMatchObject({ status: 200 });
  });

  it('believes no other kind of code, none past its hour, no wrong passphrase, and no handshake twice', async () => {
    const code = await codeFor(jane.email);
    const hourLater = await later(stack, 1 / 24, 'account-delete', { proof: { code } });
    expect(hourLater).toMatchObject(failed);
    await stack.call('passphrase-code-send', { token: jane.token, body: {} });
    const other = codeIn(await stack.mailbox.waitFor(jane.email, 3));
    await expect(deleteAccount(stack, { proof: { code: other } })).resolves.toMatchObject(failed);
    const wrong = await proofOf(stack, { ...jane, authSecret: '0'.repeat(64) });
    await expect(deleteAccount(stack, { proof: wrong })).resolves.toMatchObject(failed);
    const used = await proofOf(stack, jane);
    await stack.call('login-finish', { body: used });
    await expect(deleteAccount(stack, { proof: used })).resolves.toMatchObject(failed);
    expect((await attemptLogin(stack, jane)).finished.status).toBe(200);
  });

  it('takes the account out of its teams: the eldest member becomes admin, and a team without members goes', async () => {
    const made = async (name: string) => {
      const { body } = await stack.call('team-create', { token: jane.token, body: { name } });
      return (body as { id: string }).id;
    };
    const [alone, shared] = [await made('Alone'), await made('Shared')];
    const { database } = stack.platform;
    const [team] = await database.get(teams.doc(shared));
    if (team === undefined) throw new Error('There is no team.');
    const place = teamMembers(shared).doc(bob.accountId);
    const joined = { teamId: shared, accountId: bob.accountId, role: 'member', joined: 1 } as const;
    await database.commit([create(place, joined), update(team, { members: 2 })]);
    expect((await deleteAccount(stack, { proof: await proofOf(stack, jane) })).status).toBe(200);
    await sweepDepartures(stack.platform, 0);
    const own = personalTeamOf(jane.accountId);
    const [gone, goesOn, heir, personal] = await database.get(
      ...([teams.doc(alone), teams.doc(shared), place, teams.doc(own)] as const),
    );
    expect([gone, personal]).toEqual([undefined, undefined]);
    expect(goesOn?.data).toMatchObject({ name: 'Shared', members: 1 });
    expect(heir?.data).toMatchObject({ role: 'admin' });
  });

  it('leaves no trace of a team that went before its deleted group', async () => {
    const teamId = await newTeam(stack, jane);
    const groupId = await newTeamGroup(stack, jane, teamId);
    await stack.call('group-delete', { token: jane.token, body: { groupId } });
    await stack.call('team-delete', { token: jane.token, body: { teamId } });
    expect((await deleteAccount(stack, { proof: await proofOf(stack, jane) })).status).toBe(200);
    expect((await stack.platform.database.get(groups.doc(groupId), teams.doc(teamId))).filter(Boolean)).toEqual([]);
  });

  it('gives a retry its first answer, though the account is gone', async () => {
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const body = { proof: await proofOf(stack, jane) };
    const first = await deleteAccount(stack, body, headers);
    const again = await deleteAccount(stack, body, headers);
    expect(first).toMatchObject(gone(nothing));
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    await noticeSent(jane.email);
    await sweepDepartures(stack.platform, 20);
    expect(await traces(stack, everything(jane))).toEqual([]);
    expect((await deleteAccount(stack, body, headers)).headers.get('idempotency-replayed')).toBe('true');
  });

  it('deletes once when two devices ask at the same moment', async () => {
    const proofs = [await proofOf(stack, jane), await proofOf(stack, jane)];
    const answers = await Promise.all(proofs.map((proof) => deleteAccount(stack, { proof })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    await stack.mailbox.waitFor(jane.email, 2);
    expect(mailsTo(stack, jane.email)).toHaveLength(2);
  });

  it('never leaves a group without an admin when its two admins go at the same moment', async () => {
    for (let round = 0; round < 3; round += 1) {
      const [one, two] = [await newMember(stack), await newMember(stack, 'bob')];
      const groupId = await newGroup(stack, one);
      await shareWith(stack, one, groupId, two, 'admin');
      const proofs = [await proofOf(stack, one), await proofOf(stack, two)];
      const answers = await Promise.all(proofs.map((proof) => deleteAccount(stack, { proof })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const left = await stack.platform.database.list({ collection: links(groupId), where: [] });
      expect(left).toMatchObject([{ data: { role: 'admin' } }]);
      expect((await stack.platform.database.get(groups.doc(groupId)))[0]?.data).toMatchObject({ members: 1 });
    }
  });

  it('lets the address be signed up with anew at once, and takes nothing of the newcomer', async () => {
    await deleteAccount(stack, { proof: await proofOf(stack, jane) });
    await noticeSent(jane.email);
    const again = await makePerson('jane', undefined, jane.email);
    const clock = { now: () => Date.now() + 1_000 };
    await callInProcess('account-create', jsonRequest(again.signUpBody), { ...stack.platform, clock });
    const mail = await stack.mailbox.waitFor(jane.email, 3);
    await sweepDepartures(stack.platform, 20);
    const token = /token=([A-Za-z0-9_-]{43})/.exec(mail.text)?.[1];
    await expect(stack.call('account-verify', { body: { token } })).resolves.toMatchObject({ status: 200 });
    const session = (await attemptLogin(stack, again)).token;
    const { body } = await stack.call('session-mails', { token: session });
    expect((body as { mails: object[] }).mails).toMatchObject([{ template: 'verify-email' }]);
    expect(await traces(stack, [jane.accountId])).toEqual([]);
  });

  it('erases what calls that were under way still wrote: sessions, groups that nobody else is in, links of others', async () => {
    const shared = await newGroup(stack, bob);
    await deleteAccount(stack, { proof: await proofOf(stack, jane) });
    const { database } = stack.platform;
    const expires = Date.now() + 3_600_000;
    const life = { created: 0, lastUsed: expires, expires, expiresAt: new Date(expires) };
    const session = { accountId: jane.accountId, label: 'late', ...life };
    await database.commit([create(sessions.doc(sha256Hex(jane.token)), session)]);
    const late = await newGroup(stack, jane);
    await write(stack, jane, late, change('req_1'));
    const [[link], [group]] = await Promise.all([
      database.get(links(late).doc(jane.accountId)),
      database.get(groups.doc(shared)),
    ]);
    if (link === undefined || group === undefined) throw new Error('They were not written.');
    await database.commit([
      create(links(shared).doc(jane.accountId), { ...link.data, groupId: shared, role: 'editor' }),
      update(group, { members: 2 }),
    ]);
    await noticeSent(jane.email);
    await sweepDepartures(stack.platform, 20);
    await later(stack, 0, 'maintenance-groups');
    expect(await traces(stack, [...everything(jane), late])).toEqual([]);
    expect((await database.get(groups.doc(shared)))[0]?.data).toMatchObject({ members: 1, rotationRequired: true });
  });

  it('erases what was mailed to an address that the account had before', async () => {
    const [account] = await stack.platform.database.get(accounts.doc(jane.accountId));
    const [login] = await stack.platform.database.get(logins.doc(sha256Hex(jane.email)));
    if (account === undefined || login === undefined) throw new Error('There is no account.');
    const email = `moved+${randomBytes(6).toString('hex')}@example.com`;
    const formerEmails = [{ email: jane.email, until: Date.now() + 1_000 }];
    await stack.platform.database.commit([
      update(account, { email, formerEmails }),
      remove(login),
      create(logins.doc(sha256Hex(email)), login.data),
    ]);
    expect(await traces(stack, [jane.email])).toHaveLength(2);
    const code = await codeFor(email, 1);
    await expect(deleteAccount(stack, { proof: { code } })).resolves.toMatchObject(gone(nothing));
    await noticeSent(email);
    await sweepDepartures(stack.platform, 20);
    expect(await traces(stack, [...everything(jane), email])).toEqual([]);
  });

  it('keeps the last mail until it is sent or given up, and nothing after', async () => {
    await deleteAccount(stack, { proof: await proofOf(stack, jane) });
    await noticeSent(jane.email);
    const [departure] = await stack.platform.database.list({ collection: departures, where: [] });
    if (departure === undefined) throw new Error('There is no departure.');
    const mail = outbox.doc(departure.data.mailId);
    const setState = async (state: 'failed' | 'dead') => {
      const [row] = await stack.platform.database.get(mail);
      if (row === undefined) throw new Error('The mail is gone.');
      await stack.platform.database.commit([{ kind: 'set', path: mail.path, data: { ...row.data, state } }]);
    };
    await setState('failed');
    await sweepDepartures(stack.platform, 20);
    expect((await traces(stack, [jane.email])).length).toBe(2);
    await setState('dead');
    await sweepDepartures(stack.platform, 40);
    expect(await traces(stack, everything(jane))).toEqual([]);
  });

  it.each([
    ['/proof', { proof: {} }],
    ['/groups/0/groupId', { groups: [{ groupId: 'x', action: 'delete' }] }],
    ['/groups/0/to', { groups: [{ groupId: `grp_${'0'.repeat(32)}`, action: 'transfer', to: 'bob' }] }],
    ['/groups/0/action', { groups: [{ groupId: `grp_${'0'.repeat(32)}`, action: 'keep' }] }],
    ['/groups', { groups: Array(2).fill({ groupId: `grp_${'0'.repeat(32)}`, action: 'delete' }) }],
  ])('names %s when it is wrong', async (path, wrong) => {
    const answer = await deleteAccount(stack, { proof: { code: 'a'.repeat(43) }, ...wrong });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path }] } });
  });
});

describe('account-delete-code-send', () => {
  it('answers alike, at the same cost, for an address without an account, and mails nobody', async () => {
    const cost = async (email: string) => {
      const before = stack.logs.length;
      const { status, body } = await stack.call('account-delete-code-send', { body: { email } });
      const line = stack.logs.slice(before).find(({ message }) => message === 'account-delete-code-send 202');
      return { status, body, reads: line?.reads };
    };
    const email = `nobody+${randomBytes(6).toString('hex')}@example.com`;
    const known = await cost(jane.email);
    expect(known).toMatchObject({ status: 202, body: { status: 'code-sent' } });
    expect(await cost(email)).toEqual(known);
    expect(mailsTo(stack, email)).toEqual([]);
  });

  it('is limited for the address it names', async () => {
    const statuses = [];
    for (let n = 0; n <= rateRules.deletionCodeByEmail.limit; n += 1) {
      statuses.push((await stack.call('account-delete-code-send', { body: { email: jane.email } })).status);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
  });
});
