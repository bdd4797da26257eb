import { types } from 'node:util';
import * as z from 'zod';
import { problems } from '../../shared/protocol/problems.ts';
import { CallFailed, Unreachable } from '../failures.ts';
import { type ExitName, exitCodes } from './exit-codes.ts';
import { CommandFailed } from './failures.ts';
import { printable } from './layout.ts';
import { remedies } from './remedies.ts';

/** A failure as it is told: what happened, why, what to do. */
export interface Explanation {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
  readonly exit: ExitName;
}

const loginCodes = new Set(['LOGIN_FAILED', 'UNAUTHENTICATED', 'EMAIL_NOT_VERIFIED', 'PROOF_FAILED', 'TOKEN_EXPIRED']);

/** What the SDK throws besides, by its code; whatever else has a code of its own was not trusted. */
const others: Readonly<Record<string, readonly [exit: ExitName, what: string, remedy: string]>> = {
  ANSWER_UNREADABLE: [
    'unreachable',
    "The answer is none of Nightvault's.",
    "Check the server's address: nightvault doctor.",
  ],
  NO_SYNC_FOLDER: ['local', 'This is no sync folder.', 'Say which group it belongs to: nightvault sync --group GROUP.'],
  FOLDER_BUSY: [
    'local',
    'The folder is in use.',
    'Wait until that process is done, or stop it. If it is no nightvault at all, remove the lock.',
  ],
  FOLDER_STATE_UNUSABLE: [
    'local',
    'What nightvault remembers of the folder is damaged.',
    'Move the file away and sync again: files that are the same on both sides stay as they are; others are kept twice.',
  ],
  NEVER_SETTLED: ['attention', 'Others were faster every time.', 'Run the command again in a while.'],
  INSOMNIA_FILE_REFUSED: [
    'local',
    'The file cannot be imported.',
    'Export it again from Insomnia, as version 4 (JSON) or 5 (YAML).',
  ],
  INSOMNIA_PROJECT_UNUSABLE: [
    'local',
    'The project cannot be exported.',
    'Import its file again, which puts back what is damaged: nightvault import FILE.',
  ],
  SAVED_STATE_UNUSABLE: ['local', 'What was saved of the session is damaged.', 'Log in again: nightvault login.'],
  GROUP_NOT_OPEN: [
    'refused',
    'The group cannot be opened.',
    'See nightvault groups; an admin of the group can grant its key.',
  ],
  PROBLEM_UNKNOWN: [
    'refused',
    'The server refused for a reason this program is too old to know.',
    'Update nightvault.',
  ],
  BLOB_TOO_LARGE: ['local', 'A content is too large.', 'Leave it out, or ask the operator for a higher limit.'],
  SOURCE_CHANGED: ['local', 'A file changed while it was sent.', 'Run the command again.'],
  FINGERPRINT_REFUSED: [
    'distrust',
    "A key was not taken for its owner's.",
    'Ask its owner for the fingerprint (nightvault whoami) over another channel. If it differs, tell the operator.',
  ],
  PERSON_UNVERIFIED: [
    'distrust',
    'A member has a key that was never compared here.',
    'Ask its owner for the fingerprint (nightvault whoami) over another channel, and run the command again.',
  ],
  PUBLIC_KEY_CHANGED: [
    'distrust',
    'Somebody has another key than before.',
    'Ask its owner. If they have reset their passphrase, an admin lets them in again: nightvault readmit ADDRESS.',
  ],
  TEXT_NOT_WELL_FORMED: ['usage', 'A text holds half of a character.', 'Type it again.'],
};

export function explain(error: unknown): Explanation {
  if (error instanceof CommandFailed) {
    const { message: what, why, remedy, exit, code } = error;
    return { code, what, why, remedy, exit };
  }
  if (error instanceof CallFailed) return refusal(error);
  if (error instanceof Unreachable) {
    const remedy = 'Check the network and the address: nightvault doctor. What was begun can be done again.';
    return { code: error.code, what: 'The server does not answer.', why: error.message, remedy, exit: 'unreachable' };
  }
  const { name, message, code } = errorFields(error);
  if (name === 'AbortError' || name === 'ExitPromptError') {
    const remedy = 'Run the command again: it goes on where it was.';
    return {
      code: 'INTERRUPTED',
      what: 'Interrupted.',
      why: 'You, or a signal, ended it.',
      remedy,
      exit: 'interrupted',
    };
  }
  const known = code === undefined ? undefined : others[code];
  if (code !== undefined && known !== undefined) {
    const [exit, what, remedy] = known;
    return { code, what, why: message, remedy, exit };
  }
  if (code !== undefined && /^E[A-Z]+$/.test(code)) {
    const remedy = 'Look at the file or folder: does it exist, may you use it, is there room on the disk?';
    return { code, what: 'A file or folder cannot be used.', why: message, remedy, exit: 'local' };
  }
  if (code !== undefined && /^[A-Z]+(_[A-Z]+)*$/.test(code) && !code.startsWith('ERR_')) {
    const remedy =
      "Do not go on before you know why. Ask the server's operator, and whom it concerns, over another channel.";
    return { code, what: 'What the server said was not trusted.', why: message, remedy, exit: 'distrust' };
  }
  const remedy = 'This is a fault of nightvault: please report it, with the command and these lines.';
  return { code: code ?? name, what: 'Something was not as it should be.', why: message, remedy, exit: 'failed' };
}

function refusal({ code, message, problem, errors }: CallFailed): Explanation {
  const help = remedies[code] ?? problems[code].help;
  const fields = errors.map(({ path, message: wrong }) => `${path.slice(1).replaceAll('/', ' ')} ${wrong}`).join('; ');
  const { groups } = concerned.safeParse(problem).data ?? { groups: [] };
  const names = groups.map(({ name }) => `"${printable(name)}"`).join(', ');
  return {
    code,
    what: `The server refused: ${problem.title}.`,
    why: [fields === '' ? message : `${fields}.`, names].filter((part) => part !== '').join(' '),
    remedy: `${help} (request ${problem.requestId})`,
    exit: loginCodes.has(code) ? 'login' : code === 'INVALID_INPUT' ? 'usage' : 'refused',
  };
}

/** The groups that a refusal is about. */
const concerned = z.object({ groups: z.array(z.object({ name: z.string() })) });

function errorFields(error: unknown): { name: string; message: string; code: string | undefined } {
  if (!types.isNativeError(error) && !(error instanceof DOMException)) {
    return { name: typeof error, message: String(error), code: undefined };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name, message: error.message, code };
}

export const exitCodeOf = ({ exit }: Explanation): number => exitCodes[exit].code;
