import {
  type Account,
  AnswerContradictory,
  FingerprintRefused,
  type Group,
  MemoryNotes,
  Nightvault,
  PersonUnverified,
  PublicKeyChanged,
} from '../../../../client/index.ts';
import { createAccountKeys } from '../../../../shared/crypto/account-keys.ts';
import { publicKeyFingerprint } from '../../../../shared/crypto/fingerprint.ts';
import { publicKeyGet } from '../../../../shared/protocol/account.ts';
import { groupCreate, groupRotateKey, linkList, rekeyList } from '../../../../shared/protocol/group.ts';
import { inviteList } from '../../../../shared/protocol/invite.ts';
import { startHostileStack } from '../../../support/hostile-stack.ts';
import { bob, enter, jane } from '../../../support/sdk.ts';

const { stack, proxy } = await startHostileStack();
const [, bobs] = await Promise.all([enter(stack, jane), enter(stack, bob)]);
const bobsFingerprint = await bobs.fingerprint();
const publicKey = JSON.stringify((await createAccountKeys()).publicKey);
const eve = {
  accountId: `acct_${'e'.repeat(32)}`,
  publicKey,
  fingerprint: await publicKeyFingerprint(publicKey),
};
let notes: MemoryNotes;
let janes: Account;
let group: Group;
beforeEach(async () => {
  notes = new MemoryNotes();
  janes = await Nightvault.connect(proxy.url, { notes }).logIn(jane);
  group = await janes.groups.create('Web shop');
  proxy.honest();
});
const substitute = () =>
  proxy.lie('public-key-get', publicKeyGet, (truth) => ({ ...truth, ...eve, accountId: truth.accountId }));
const compare = (fingerprint: string) => (person: { fingerprint: string }) => person.fingerprint === fingerprint;

describe('a hostile server that shows keys of its own', () => {
  it('is no hindrance when it does not: shared, rotated, and read', async () => {
    await group.share(bob.email, 'editor', { compare: compare(bobsFingerprint) });
    expect(await group.rotateKey()).toBe(2);
    await group.changes.push([{ id: 'r', type: 'T', name: '', content: 'x', baseVersion: null, lastEdited: 1 }]);
    const bobsGroup = await bobs.groups.open(group.id);
    for await (const { content } of bobsGroup.changes.pull()) expect(content).toBe('x');
  });

  it('is found out by comparing fingerprints, before the first share', async () => {
    substitute();
    await expect(group.share(bob.email, 'editor', { compare: compare(bobsFingerprint) })).rejects.toMatchObject({
      constructor: FingerprintRefused,
      code: 'FINGERPRINT_REFUSED',
      message: `The key with the fingerprint ${eve.fingerprint} was not taken for that of ${bob.email}. Nothing was given to it.`,
    });
    expect(proxy.calls()).toEqual(['public-key-get']);
    proxy.honest();
    await group.share(bob.email, 'editor', { compare: compare(bobsFingerprint) });
  });

  it('is found out once the key is known, in another run too, whatever `compare` would say', async () => {
    await group.share(bob.email, 'viewer');
    proxy.honest();
    substitute();
    const later = await Nightvault.connect(proxy.url, { notes: new MemoryNotes(notes.entries()) }).logIn(jane);
    const another = await later.groups.create('Another');
    proxy.honest();
    substitute();
    await expect(another.share(bob.email, 'viewer', { compare: () => true })).rejects.toMatchObject({
      constructor: PublicKeyChanged,
      code: 'PUBLIC_KEY_CHANGED',
      message: expect.stringContaining(`The key of ${bob.email} was ${bobsFingerprint} and is now ${eve.fingerprint}.`),
    });
    expect(proxy.calls()).toEqual(['public-key-get']);
  });

  it('is found out when it moves a known account under another address', async () => {
    await group.share(bob.email, 'viewer');
    proxy.honest();
    proxy.lie('public-key-get', publicKeyGet, () => ({ ...eve, accountId: bobs.id }));
    await expect(group.share('robert@example.com', 'viewer')).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
    await expect(group.share(jane.email, 'viewer')).rejects.toMatchObject({
      constructor: PublicKeyChanged,
      code: 'PUBLIC_KEY_CHANGED',
    });
    expect(proxy.calls()).not.toContain('link-create');
  });

  it('lets a new key be trusted when its owner has said so', async () => {
    await group.share(bob.email, 'viewer');
    const other = await janes.groups.create('Another');
    substitute();
    await janes.trust({ accountId: bobs.id, email: bob.email, fingerprint: eve.fingerprint });
    await expect(other.share(bob.email, 'viewer')).rejects.toMatchObject({ code: 'FINGERPRINT_MISMATCH' });
  });

  it('puts a ghost among the members in vain: a rotation stops at a key that was never seen', async () => {
    await group.share(bob.email, 'viewer');
    const ghost = { accountId: eve.accountId, email: 'eve@example.com', firstName: 'Eve', lastName: '' };
    proxy.lie('link-list', linkList, ({ links }) => ({ links: [...links, { ...links[0], ...ghost, role: 'viewer' }] }));
    proxy.lie('public-key-get', publicKeyGet, (truth, { body }) =>
      JSON.stringify(body).includes('eve@') ? eve : truth,
    );
    await expect(group.rotateKey()).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
    const named = { ...ghost, email: jane.email };
    proxy.lie('link-list', linkList, ({ links }) => ({ links: [...links, { ...links[0], ...named, role: 'viewer' }] }));
    proxy.lie('public-key-get', publicKeyGet, (truth, { body }) =>
      JSON.stringify(body).includes(jane.email) ? eve : truth,
    );
    await expect(group.rotateKey()).rejects.toMatchObject({
      constructor: PersonUnverified,
      code: 'PERSON_UNVERIFIED',
      message: expect.stringContaining(`${jane.email} with the key ${eve.fingerprint} is a member`),
    });
    await expect(group.rotateKey({ compare: () => false })).rejects.toMatchObject({ constructor: FingerprintRefused });
    expect(proxy.calls()).not.toContain('group-rotate-key');
    expect(group.keyEpoch).toBe(1);
  });

  it("cannot put another account behind a member's address", async () => {
    await group.share(bob.email, 'viewer');
    proxy.lie('public-key-get', publicKeyGet, (truth) => ({ ...truth, accountId: eve.accountId }));
    await expect(group.rotateKey()).rejects.toMatchObject({
      constructor: AnswerContradictory,
      code: 'ANSWER_CONTRADICTORY',
      message: `The answer of public-key-get cannot be right: ${bob.email} is the address of another account than link-list says.`,
    });
    expect(proxy.calls()).not.toContain('group-rotate-key');
  });

  it('gets no key for somebody who is said to have been reset', async () => {
    await group.share(bob.email, 'viewer');
    const { accountId, email, firstName, lastName } = { ...bob, accountId: bobs.id };
    const person = { accountId, email, firstName, lastName, publicKey: eve.publicKey, fingerprint: bobsFingerprint };
    const waiting = { ...person, groupId: group.id, groupName: '', keyEpoch: 1, role: 'viewer', generation: 2 };
    proxy.lie('rekey-list', rekeyList, () => ({ waiting: [waiting] }));
    expect(await janes.readmit([group], compare(bobsFingerprint))).toBe(0);
    expect(proxy.calls()).not.toContain('rekey-confirm');
  });

  it('gets no key for somebody who has accepted an invite', async () => {
    const team = await janes.teams.create('Harbour');
    const inTeam = await janes.groups.create('Harbour API', { teamId: team.id });
    await janes.invites.send(team.id, bob.email);
    const [received] = (await bobs.invites.list()).received;
    await bobs.invites.accept({ inviteId: received?.inviteId ?? '' });
    proxy.lie('invite-list', inviteList, (truth) => ({
      ...truth,
      sent: truth.sent.map((each) => ({
        ...each,
        accepted: each.accepted && { ...each.accepted, publicKey: eve.publicKey },
      })),
    }));
    const [sent] = (await janes.invites.list()).sent;
    if (sent === undefined) throw new Error('There is no invite.');
    await expect(janes.invites.confirm(sent, [inTeam])).rejects.toMatchObject({ code: 'PERSON_UNVERIFIED' });
    await expect(janes.invites.confirm(sent, [inTeam], compare(bobsFingerprint))).rejects.toMatchObject({
      code: 'FINGERPRINT_REFUSED',
    });
    expect(proxy.calls()).not.toContain('invite-confirm');
    proxy.honest();
    const [truly] = (await janes.invites.list()).sent;
    if (truly === undefined) throw new Error('There is no invite.');
    expect(await janes.invites.confirm(truly, [inTeam], compare(bobsFingerprint))).toEqual([]);
  });
});

describe('a hostile server that answers with keys of its own', () => {
  it('cannot have a new group begin under them', async () => {
    for (const lie of [{ encSymmetricKey: 'ab'.repeat(256) }, { existing: true }, { keyEpoch: 2 }]) {
      proxy.lie('group-create', groupCreate, (truth) => ({ ...truth, ...lie }));
      await expect(janes.groups.create('Mine')).rejects.toMatchObject({
        constructor: AnswerContradictory,
        code: 'ANSWER_CONTRADICTORY',
        message: expect.stringContaining('a new group has the key that was made for it, at epoch 1'),
      });
    }
  });

  it('cannot say that a rotation was none', async () => {
    proxy.lie('group-rotate-key', groupRotateKey, () => ({ keyEpoch: 1 }));
    await expect(group.rotateKey()).rejects.toMatchObject({
      constructor: AnswerContradictory,
      message: 'The answer of group-rotate-key cannot be right: epoch 1 does not follow 1.',
    });
  });
});
