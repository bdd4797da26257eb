import { withPermissions } from '../../../emulator/permissions.ts';
import { registry } from '../../../functions/registry.ts';
import type { Platform } from '../../../shared/platform/context.ts';
import type { AnyFunction } from '../../../shared/platform/definition.ts';
import { storeAccess } from '../../../shared/platform/store-access.ts';
import { create, type Write } from '../../../shared/store/database.ts';
import { groups } from '../../../shared/store/groups.ts';
import { tokens } from '../../../shared/store/tokens.ts';

const done = async () => undefined as never;
const allowing = {
  database: { get: done, list: done, sum: done, count: done, commit: done },
  sealer: { seal: done, open: done, sign: done, verify: done, derive: done, hash: done },
  writeKeys: { accepts: done },
  publisher: { publish: done, publishAll: done },
  mailer: { send: done },
} as unknown as Platform;

function as(name: string): Platform {
  const entry = registry.find((each) => each.name === name);
  return withPermissions(entry as AnyFunction, allowing);
}

const refused = (name: string, what: string) => ({
  code: 'NOT_PERMITTED',
  message: `${name} may not ${what}: deployed, its service account has no such role. See docs/iam.md.`,
});
const mail = { messageId: '', to: '', subject: '', text: '', html: '' };
const write: Write = create(tokens.doc('a'), {
  purpose: 'verify-email',
  accountId: 'a',
  loginId: 'a',
  expires: 0,
  expiresAt: new Date(0),
});

describe('withPermissions', () => {
  it('gives a function what its entry asks for', async () => {
    const { database, sealer, publisher } = as('account-create');
    await expect(database.get(groups.doc('a'))).resolves.toBeUndefined();
    await expect(database.commit([write])).resolves.toBeUndefined();
    await expect(sealer.seal('verifier-key', '', '', new Uint8Array())).resolves.toBeUndefined();
    await expect(publisher.publish('email-deliveries', {})).resolves.toBeUndefined();
    await expect(as('email-deliver').mailer.send(mail)).resolves.toBeUndefined();
    await expect(as('analytics-collect').writeKeys.accepts('key')).resolves.toBeUndefined();
    await expect(as('analytics-collect').publisher.publishAll('analytics-events', [])).resolves.toBeUndefined();
  });

  it('refuses other secrets and topics, and mail', async () => {
    const { sealer, publisher, mailer, writeKeys } = as('account-create');
    await expect(writeKeys.accepts('key')).rejects.toMatchObject(
      refused('account-create', 'read the secret analytics-write-keys'),
    );
    await expect(publisher.publishAll('analytics-events', [])).rejects.toMatchObject(
      refused('account-create', 'publish to the topic analytics-events'),
    );
    await expect(sealer.sign('state-key', '', '')).rejects.toMatchObject(
      refused('account-create', 'read the secret state-key'),
    );
    await expect(publisher.publish('analytics', {})).rejects.toMatchObject(
      refused('account-create', 'publish to the topic analytics'),
    );
    await expect(mailer.send(mail)).rejects.toMatchObject(refused('account-create', 'read the secret smtp-url'));
  });

  it('lets who only reads not write, and who does neither not read', async () => {
    const reader = as('email-status').database;
    await expect(reader.list({ collection: groups, where: [] })).resolves.toBeUndefined();
    await expect(reader.commit([])).resolves.toBeUndefined();
    await expect(reader.commit([write])).rejects.toMatchObject(refused('email-status', 'write to the database'));
    const stranger = as('healthz').database;
    await expect(stranger.get(groups.doc('a'))).rejects.toMatchObject(refused('healthz', 'read the database'));
    await expect(stranger.count({ collection: groups, where: [] })).rejects.toMatchObject(
      refused('healthz', 'read the database'),
    );
  });
});

describe('storeAccess', () => {
  it('follows from the entry', () => {
    const access = (name: string) => storeAccess(registry.find((each) => each.name === name) as AnyFunction);
    expect([access('session-whoami'), access('login-finish'), access('email-deliver')]).toEqual(
      Array(3).fill('writes'),
    );
    expect([access('email-status'), access('login-salts')]).toEqual(['reads', 'reads']);
    expect([access('healthz'), access('configuration')]).toEqual(['none', 'none']);
  });
});
