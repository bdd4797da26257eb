import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { explain } from '../explain.ts';
import { moment } from '../layout.ts';
import { openToOthers } from '../private-file.ts';
import { oldestNode } from '../version.ts';
import { type Finding, fine, warning, wrong } from './finding.ts';

const week = 7 * 86_400_000;

/** What can be seen on this computer. */
export async function lookHere(context: Context): Promise<Finding[]> {
  const { place: kept, path } = await context.vault();
  return [
    lookAtNode(process.versions.node),
    kept.place === 'keyring'
      ? fine('keyring', 'The session is encrypted, its key in the keyring of the system.')
      : warning(
          'keyring',
          `Sessions are kept in the file ${path}: ${kept.why}.`,
          'Encrypt the disk: whoever has the file has the session. Or have a keyring that is open, and log in again.',
        ),
    await lookAtFiles(context.home),
  ];
}

/** @param running its version: `24.1.0` */
export function lookAtNode(running: string): Finding {
  const [major = 0, minor = 0] = running.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  const isSupported = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  if (isSupported) return fine('node', `This is Node.js ${running}.`);
  return wrong('node', `This is Node.js ${running}.`, `Install Node.js ${oldestNode.join('.')} or later.`);
}

async function lookAtFiles(home: string): Promise<Finding> {
  const names = await readdir(home, { recursive: true }).catch(() => undefined);
  if (names === undefined) return fine('files', `Nothing is kept in ${home} yet.`);
  const open: string[] = [];
  for (const path of [home, ...names.filter((name) => !name.startsWith('cache')).map((name) => join(home, name))]) {
    if ((await stat(path).catch(() => undefined)) !== undefined && (await openToOthers(path))) open.push(path);
  }
  if (open.length === 0) return fine('files', `Only you can read what is in ${home}.`);
  return wrong(
    'files',
    `Others can use ${open.join(', ')}.`,
    `chmod -R go-rwx '${home}', and log in again if the session was among it.`,
  );
}

/** What the server says of the session, and of mails to the account. */
export async function lookAtSession(context: Context): Promise<Finding[]> {
  try {
    if ((await (await context.vault()).read()) === undefined) {
      return [warning('session', 'You are not logged in.', 'nightvault login')];
    }
    const account = await context.account();
    await account.refresh({ signal: context.signal });
    const { expiresAt } = account.save();
    const soon = expiresAt - context.world.now() < week;
    const session = soon
      ? warning('session', `The session of ${account.email} ends on ${moment(expiresAt)}.`, 'Use it, or log in again.')
      : fine('session', `You are logged in as ${account.email}.`);
    return [session, mailFinding(await account.sessions.mails({ signal: context.signal }))];
  } catch (error) {
    context.signal.throwIfAborted();
    const { what, why, remedy } = explain(error);
    return [wrong('session', `${what} ${why}`, remedy)];
  }
}

function mailFinding(mails: readonly { readonly state: string; readonly created: number }[]): Finding {
  const lost = mails.filter(({ state }) => !['sent', 'queued', 'sending'].includes(state));
  const [newest] = mails;
  if (newest === undefined) return fine('mail', 'The server has no mail on record for you.');
  if (lost.length > 0) {
    const detail = `${lost.length} of the last ${mails.length} mails to you did not go out (${lost[0]?.state}).`;
    return wrong('mail', detail, 'Ask the operator to look at email-status: the reason is there.');
  }
  const detail = `The last mail to you, of ${moment(newest.created)}, is ${newest.state}.`;
  return newest.state === 'sent'
    ? fine('mail', detail)
    : warning('mail', detail, 'Wait a minute; then tell the operator.');
}
