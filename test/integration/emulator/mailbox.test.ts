import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { type Mailbox, startMailbox } from '../../../emulator/mailbox.ts';

const from = 'nightvault@example.com';
const running: Mailbox[] = [];

async function start(file?: string): Promise<Mailbox> {
  const mailbox = await startMailbox(file);
  running.push(mailbox);
  return mailbox;
}

const send = (mailbox: Mailbox, to: string | string[], subject: string, more = {}) =>
  createTransport({ host: '127.0.0.1', port: mailbox.port }).sendMail({ from, to, subject, text: 'Hello', ...more });

afterEach(async () => {
  await Promise.all(running.splice(0).map((mailbox) => mailbox.stop()));
});

describe('the mailbox', () => {
  it('keeps mails in the order they come, with text and HTML decoded', async () => {
    const mailbox = await start();
    await send(mailbox, 'jane@example.com', 'Grüße', { text: 'Zwölf ✉', html: '<p>Zwölf</p>' });
    await send(mailbox, 'bob@example.com', 'Second');
    expect(mailbox.mails()).toEqual([
      expect.objectContaining({ id: '1', to: 'jane@example.com', subject: 'Grüße', html: '<p>Zwölf</p>' }),
      expect.objectContaining({ id: '2', to: 'bob@example.com', subject: 'Second', html: '' }),
    ]);
    const [first] = mailbox.mails();
    expect(first?.text.trim()).toBe('Zwölf ✉');
    expect(new Date(first?.date ?? '').toISOString()).toBe(first?.date);
  });

  it('names the addresses it was sent to, whatever the header says', async () => {
    const mailbox = await start();
    const envelope = { from, to: ['jane@example.com', 'bob@example.com'] };
    await send(mailbox, 'Everybody <all@example.com>', 'Both', { envelope });
    expect(mailbox.mails()[0]?.to).toBe('jane@example.com, bob@example.com');
  });

  it('hands over the newest mail once as many have come as are waited for', async () => {
    const mailbox = await start();
    const second = mailbox.waitFor('jane@example.com', 2);
    await send(mailbox, 'bob@example.com', 'Not hers');
    await send(mailbox, 'jane@example.com', 'One');
    await expect(mailbox.waitFor('jane@example.com')).resolves.toMatchObject({ subject: 'One' });
    await send(mailbox, 'jane@example.com', 'Two');
    await expect(second).resolves.toMatchObject({ subject: 'Two' });
  });

  it('refuses mail with 451 while told to, and takes it again afterwards', async () => {
    const mailbox = await start();
    mailbox.refuse(true);
    await expect(send(mailbox, 'jane@example.com', 'Too early')).rejects.toMatchObject({ responseCode: 451 });
    mailbox.refuse(false);
    await send(mailbox, 'jane@example.com', 'In time');
    expect(mailbox.mails().map(({ subject }) => subject)).toEqual(['In time']);
  });

  it('finds its mails again after a restart, and counts on', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'nightvault-mails-')), 'mails.jsonl');
    await send(await start(file), 'jane@example.com', 'Kept');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await start(file);
    await send(again, 'jane@example.com', 'New');
    expect(again.mails().map(({ id, subject }) => [id, subject])).toEqual([
      ['1', 'Kept'],
      ['2', 'New'],
    ]);
  });
});
