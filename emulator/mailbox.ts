import { appendFileSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { systemCode } from './start-error.ts';

/** A mail that the system sent. */
export interface CaughtMail {
  /** Counts from "1". */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** When it came, ISO 8601. */
  readonly date: string;
}

export interface Mailbox {
  readonly port: number;
  /** Newest last. */
  mails(): readonly CaughtMail[];
  /** While true, every mail is refused: with 451, which means "try again later", unless with another code. */
  refuse(refused: boolean, code?: number): void;
  /** Calls back for every mail from now on, until the returned function is called. */
  watch(arrived: (mail: CaughtMail) => void): () => void;
  /** The newest mail to this address, once there are this many. @throws Error when they do not come within ten seconds */
  waitFor(to: string, count?: number): Promise<CaughtMail>;
  stop(): Promise<void>;
}

const patience = 10_000;

/** An SMTP server on 127.0.0.1, on a free port unless given, that keeps what it is given; with a file (one JSON a line), for ever. */
export async function startMailbox(file?: string, port = 0): Promise<Mailbox> {
  const [{ SMTPServer }, { simpleParser }] = await Promise.all([import('smtp-server'), import('mailparser')]);
  const mails: CaughtMail[] = file === undefined ? [] : read(file);
  const watchers = new Set<(mail: CaughtMail) => void>();
  let refusal: number | undefined;

  const keep = (mail: CaughtMail) => {
    mails.push(mail);
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(mail)}\n`, { mode: 0o600 });
    for (const arrived of watchers) arrived(mail);
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onRcptTo: ({ address }, _session, done) => {
      if (refusal === undefined) return done();
      done(Object.assign(new Error(`<${address}>: the mailbox refuses mail`), { responseCode: refusal }));
    },
    onData: (stream, { envelope }, done) => {
      simpleParser(stream).then(({ subject = '', text = '', html }) => {
        const to = envelope.rcptTo.map(({ address }) => address).join(', ');
        const id = String(mails.length + 1);
        keep({ id, to, subject, text, html: html || '', date: new Date().toISOString() });
        done(null, `OK: queued as ${id}`);
      }, done);
    },
  });
  // A client that hangs up in the middle is its own affair.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  const watch = (arrived: (mail: CaughtMail) => void) => {
    watchers.add(arrived);
    return () => void watchers.delete(arrived);
  };
  return {
    port: (server.server.address() as AddressInfo).port,
    mails: () => mails,
    refuse: (refused, code = 451) => {
      refusal = refused ? code : undefined;
    },
    watch,
    waitFor: (to, count = 1) => {
      const newest = () => {
        const theirs = mails.filter((mail) => mail.to === to);
        return theirs.length < count ? undefined : theirs.at(-1);
      };
      const here = newest();
      if (here !== undefined) return Promise.resolve(here);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          forget();
          reject(new Error(`${count} mails to ${to} did not come within ${patience / 1000} seconds.`));
        }, patience);
        const forget = watch(() => {
          const mail = newest();
          if (mail === undefined) return;
          clearTimeout(timer);
          forget();
          resolve(mail);
        });
      });
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function read(file: string): CaughtMail[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as CaughtMail);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
