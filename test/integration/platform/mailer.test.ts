import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { smtpMailer } from '../../../shared/platform/mailer.ts';
import type { Secrets } from '../../../shared/platform/secrets.ts';

const cleanup = new AsyncDisposableStack();
afterAll(() => cleanup.disposeAsync());

const refusal = (responseCode: number) => Object.assign(new Error('not today'), { responseCode });

/** A mailer that talks to a server with these ways. */
async function mailerTo(options: SMTPServerOptions, login = '') {
  const server = new SMTPServer({ disabledCommands: ['STARTTLS'], disableReverseLookup: true, ...options });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.defer(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.server.address() as AddressInfo;
  const secret = { version: '1', bytes: Buffer.from(`smtp://${login}127.0.0.1:${port}`) };
  const secrets: Secrets = { current: async () => secret, version: async () => secret };
  return smtpMailer('Nightvault <nightvault@example.com>', secrets);
}

const mail = { messageId: '<1@example.com>', to: 'jane@example.com', subject: 's', text: 't', html: '<p>t</p>' };

describe('smtpMailer', () => {
  it('takes a refusal of the recipient or the content for final only if it is a 5xx', async () => {
    const ways = (code: number): SMTPServerOptions[] => [
      { authOptional: true, onRcptTo: (_address, _session, done) => done(refusal(code)) },
      {
        authOptional: true,
        onData: (stream, _session, done) => {
          stream.resume().on('end', () => done(refusal(code)));
        },
      },
    ];
    for (const options of ways(550)) {
      const refused = { code: 'MAIL_REFUSED', message: expect.stringContaining('550 not today') };
      await expect((await mailerTo(options)).send(mail)).rejects.toMatchObject(refused);
    }
    for (const options of ways(451)) {
      const failed = { code: expect.stringMatching(/^E(ENVELOPE|MESSAGE)$/), responseCode: 451 };
      await expect((await mailerTo(options)).send(mail)).rejects.toMatchObject(failed);
    }
  });

  it('takes a refusal of the login, the sender or the connection for one that passes', async () => {
    const login = await mailerTo({ onAuth: (_auth, _session, done) => done(refusal(535)) }, 'user:secret@');
    const failure: unknown = await login.send(mail).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'EAUTH', responseCode: 535 });
    expect(Object(failure).message).not.toContain('secret');
    const sender = {
      authOptional: true,
      onMailFrom: (_a: object, _s: object, done: (e: Error) => void) => done(refusal(550)),
    };
    await expect((await mailerTo(sender)).send(mail)).rejects.toMatchObject({ code: 'EENVELOPE', responseCode: 550 });
    const greeting = {
      authOptional: true,
      onConnect: (_session: object, done: (e: Error) => void) => done(refusal(554)),
    };
    await expect((await mailerTo(greeting)).send(mail)).rejects.toMatchObject({ responseCode: 554 });
    await expect((await mailerTo(greeting)).send(mail)).rejects.not.toMatchObject({ code: 'MAIL_REFUSED' });
  });
});
