import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../../../client/index.ts';
import { newTerminal, type Terminal, type Typing, well } from '../../support/command.ts';
import { mailsTo } from '../../support/mail.ts';
import { bob as bobsAccount, enter, jane as janesAccount } from '../../support/sdk.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Terminal;
let bob: Terminal;
let janes: Account;
let bobs: Account;
beforeAll(async () => {
  stack = await startTestStack();
  jane = await newTerminal({ NIGHTVAULT_SERVER: stack.url });
  bob = await newTerminal({ NIGHTVAULT_SERVER: stack.url });
  [janes, bobs] = await Promise.all([enter(stack, janesAccount), enter(stack, bobsAccount)]);
  for (const [terminal, { email, passphrase }] of [
    [jane, janesAccount],
    [bob, bobsAccount],
  ] as const) {
    well(await terminal(`login --email ${email}`, { env: { NIGHTVAULT_PASSPHRASE: passphrase } }));
  }
  const fingerprint = ['--fingerprint', await bobs.fingerprint()];
  well(await jane('create Specs --folder specs'));
  well(await jane.line(['share', 'bob@example.com', '-g', 'Specs', ...fingerprint]));
});
afterAll(async () => {
  await Promise.all([jane.drop(), bob.drop()]);
  await stack.stop();
});

const specs = (terminal: Terminal): Typing => ({ cwd: join(terminal.cwd, 'specs') });

/** The link of the newest mail with it, once there is one. */
async function linkTo(address: string, path: string): Promise<string> {
  for (;;) {
    const links = mailsTo(stack, address).flatMap(
      ({ text }) => new RegExp(`\\S+/${path}\\?token=\\S+`).exec(text) ?? [],
    );
    const link = links.at(-1);
    if (link !== undefined) return link;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a group', () => {
  it('has members whose roles change, and always an admin', async () => {
    await mkdir(join(bob.cwd, 'specs'));
    well(await bob('pull -g Specs', specs(bob)));
    await writeFile(join(bob.cwd, 'specs/bobs.txt'), 'mine');
    expect(well(await jane('role bob@example.com viewer -g Specs')).out).toBe(
      'bob@example.com is now viewer of "Specs".\n',
    );
    const readOnly = { code: 6, out: 'not-synced: bobs.txt: your role lets you read only\nNothing has changed.\n' };
    expect(await bob('push', specs(bob))).toMatchObject(readOnly);
    expect(await bob('sync', specs(bob))).toMatchObject(readOnly);
    well(await jane('role bob@example.com editor', specs(jane)));
    expect(well(await bob('push', specs(bob))).out).toBe('1 change sent.\n');
    const last = await jane('role jane@example.com viewer -g Specs');
    expect(last).toMatchObject({ code: 5, err: expect.stringContaining('nightvault delete-group') });
    const nobody = await jane('role nobody@example.com viewer -g Specs');
    expect(nobody).toMatchObject({ code: 2, err: expect.stringContaining('nobody@example.com is no member.') });
  });

  it('gets another name for everybody', async () => {
    expect(well(await jane.line(['rename', 'API specs', '-g', 'Specs'])).out).toBe(
      '"Specs" is now called "API specs".\n',
    );
    expect(well(await bob('groups')).out).toMatch(/^API specs +editor /m);
    expect(await bob.line(['rename', 'Mine', '-g', 'API specs'])).toMatchObject({ code: 5 });
  });

  it('is left, and forgotten here; the others go on with a fresh key', async () => {
    const leave = ['leave', '-g', 'API specs'];
    expect(await bob.line(leave, { answers: [false] })).toMatchObject({ code: 2 });
    expect(await jane.line([...leave, '--yes'])).toMatchObject({ code: 5, err: expect.stringContaining('admin') });
    expect(well(await bob.line(leave, { answers: [true] })).out).toBe('You have left "API specs".\n');
    expect(await bob('push --json', specs(bob))).toMatchObject({ json: { error: { code: 'GROUP_NOT_OPEN' } } });
    const shut = await bob('share jane@example.com', specs(bob));
    expect(shut).toMatchObject({ code: 5, err: expect.stringContaining('The group cannot be opened.') });
    well(await jane('rotate-key', specs(jane)));
    expect(well(await jane('sync', specs(jane))).out).toBe('1 file written.\n');
  });

  it('is deleted, and brought back with all that was in it', async () => {
    const { json } = well(await jane('delete-group --yes --json', specs(jane)));
    expect(json.restorableUntil).toBeGreaterThan(Date.now());
    expect(well(await jane('groups')).out).toBe('There are no groups yet. Make one: nightvault create NAME\n');
    expect(well(await jane('groups --deleted')).out).toMatch(/^NAME +KEPT UNTIL +ID\nAPI specs +\d{4}-.* grp_/);
    const other = await jane('groups --restore Specs');
    expect(other).toMatchObject({ code: 2, err: expect.stringContaining('No deleted group is called "Specs".') });
    expect(well(await jane.line(['groups', '--restore', 'API specs'])).out).toBe('"API specs" is back.\n');
    expect(well(await jane('groups --deleted')).out).toBe('No deleted group is kept.\n');
    expect(well(await jane('sync', specs(jane))).out).toBe('Nothing has changed.\n');
  });
});

describe('a team', () => {
  beforeAll(async () => {
    well(await jane.line(['teams', '--create', 'Web shop']));
    well(await jane.line(['create', 'Orders', '--team', 'Web shop']));
    well(await jane.line(['invite', 'bob@example.com', '--team', 'Web shop']));
    well(await bob('accept'));
    well(await jane('invite bob@example.com --confirm'));
    well(await bob.line(['create', 'Drafts', '--team', 'Web shop']));
  });

  it('has members whose roles change', async () => {
    expect(well(await bob.line(['team', 'members', 'Web shop'])).out).toMatch(/^bob@example.com +Bob +member +\d{4}-/m);
    const role = ['team', 'role', 'Web shop', 'bob@example.com'];
    expect(await jane.line(role)).toMatchObject({ code: 2, err: expect.stringContaining('Add --role ROLE.') });
    expect(well(await jane.line([...role, '--role', 'admin'])).out).toBe(
      'bob@example.com is now admin of "Web shop".\n',
    );
    well(await bob.line([...role, '--role', 'member']));
    expect(await bob.line([...role, '--role', 'admin'])).toMatchObject({ code: 5 });
    const last = await jane.line(['team', 'leave', 'Web shop', '--yes']);
    expect(last).toMatchObject({ code: 5, err: expect.stringContaining('nightvault team role') });
    expect(await jane.line(['team', 'delete', 'Web shop', '--yes'])).toMatchObject({
      code: 5,
      err: expect.stringMatching(/nightvault\s+delete-group/),
    });
  });

  it('loses a member and what they kept to themselves, once that is said', async () => {
    const remove = ['team', 'remove', 'Web shop', 'bob@example.com', '--yes'];
    const undecided = await jane.line(remove);
    expect(undecided).toMatchObject({
      code: 5,
      err: expect.stringMatching(/The group "Drafts" would be left to nobody\.[\s\S]*--delete-group "Drafts"/),
    });
    expect(await jane.line([...remove, '--transfer', 'Drafts=jane@example.com'])).toMatchObject({ code: 5 });
    expect(await jane.line([...remove, '--transfer', 'Drafts'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Write --transfer GROUP=ADDRESS.'),
    });
    const { json } = well(await jane.line([...remove, '--delete-group', 'Drafts', '--json']));
    expect(json).toMatchObject({ email: 'bob@example.com', rotated: ['Orders'], rotationRequired: [] });
    expect(await jane.line(remove)).toMatchObject({ code: 2, err: expect.stringContaining('is no member') });
    expect(well(await bob('groups')).out).not.toMatch(/Orders|Drafts/);
    expect((await janes.groups.list()).map(({ name, keyEpoch }) => `${name} ${keyEpoch}`)).toContain('Orders 2');
  });

  it('is left to another admin, who gets its groups', async () => {
    well(await bob.line(['teams', '--create', 'Pier']));
    well(await bob.line(['create', 'Lanterns', '--team', 'Pier']));
    well(await bob.line(['invite', 'jane@example.com', '--team', 'Pier', '--role', 'admin']));
    well(await jane('accept'));
    well(await bob.line(['invite', 'jane@example.com', '--confirm', '--fingerprint', await janes.fingerprint()]));
    well(await bob.line(['team', 'role', 'Pier', 'jane@example.com', '--role', 'member']));
    const alone = ['team', 'leave', 'Pier', '--yes'];
    expect(await bob.line(alone)).toMatchObject({ code: 5, err: expect.stringContaining('nightvault team role') });
    well(await bob.line(['team', 'role', 'Pier', 'jane@example.com', '--role', 'admin']));
    expect(well(await bob.line(alone)).out).toBe('You have left "Pier".\n');
    expect(well(await jane('groups')).out).toMatch(/^Lanterns +admin +Pier/m);
    well(await jane('delete-group -g Lanterns --yes'));
    expect(well(await jane('team delete Pier --yes')).out).toBe('The team "Pier" is deleted.\n');
  });
});

describe('an account', () => {
  it('says whether usage events are kept of it', async () => {
    expect(well(await jane('analytics')).out).toBe(
      "Usage events of your account are not kept (the server's default).\n",
    );
    expect(well(await jane('analytics on --json')).json).toMatchObject({ analytics: 'on', chosen: expect.any(Number) });
    expect(await jane('analytics --forget')).toMatchObject({ code: 2, err: expect.stringContaining('Add `on` or') });
    expect(well(await jane('analytics off --forget')).out).toMatch(
      /^Usage events of your account are not kept \(since /,
    );
    expect(await janes.usage.preference()).toMatchObject({ analytics: 'off' });
  });

  it('moves to another address, with the same passphrase', async () => {
    const env = { NIGHTVAULT_PASSPHRASE: bobsAccount.passphrase };
    well(await bob('address change robert@example.com', { env }));
    const link = await linkTo('robert@example.com', 'email-change-confirm');
    expect(well(await bob(`address confirm ${link}`)).out).toMatch(/nightvault login\n$/);
    expect(await bob('whoami')).toMatchObject({ code: 3, err: expect.stringContaining('nightvault login') });
    well(await bob('login --email robert@example.com', { env }));
    const { json } = well(await bob('audit --json'));
    expect((json.events as { event: string }[]).map(({ event }) => event)).toEqual(
      expect.arrayContaining(['email-changed', 'email-change-started', 'team-created', 'invite-accepted']),
    );
    expect(well(await bob('audit')).out).toMatch(/^WHEN +WHAT +BY SESSION\n\d{4}-\d\d-\d\d \d\d:\d\d +email changed/);
  });

  it('has the mail sent again that confirms it', async () => {
    const env = { NIGHTVAULT_PASSPHRASE: 'another one' };
    well(await bob('signup --email nobody@example.com --first-name Bob', { env }));
    const first = await linkTo('nobody@example.com', 'account-verify');
    well(await bob('verify --resend --email nobody@example.com'));
    while (mailsTo(stack, 'nobody@example.com').length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await linkTo('nobody@example.com', 'account-verify');
    expect(second).not.toBe(first);
    expect(await bob('verify')).toMatchObject({ code: 2, err: expect.stringContaining('--resend') });
    well(await bob(`verify ${second}`));
  });
});
