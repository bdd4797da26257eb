import { types } from 'node:util';
import { configuration, healthz } from '../../../shared/protocol/configuration.ts';
import { kdfFloor } from '../../../shared/protocol/profiles.ts';
import { readProblem } from '../../failures.ts';
import { errorCode } from '../../folder/disk.ts';
import { inParallel } from '../../folder/in-parallel.ts';
import { exposure } from '../server-address.ts';
import { type Finding, fine, warning, wrong } from './finding.ts';

/** Functions that a client calls. */
export const usedFunctions = [
  ...['account-create', 'account-delete', 'account-delete-code-send', 'account-export', 'account-resend-verification'],
  ...['account-verify', 'audit-list', 'blob-delete', 'blob-download', 'blob-status', 'blob-upload', 'changes-pull'],
  ...['changes-push', 'configuration', 'email-change-confirm', 'email-change-start', 'group-create', 'group-delete'],
  ...[
    'group-leave',
    'group-list',
    'group-restore',
    'group-rotate-key',
    'group-update',
    'invite-accept',
    'invite-confirm',
  ],
  ...['invite-create', 'invite-decline', 'invite-list', 'invite-revoke', 'link-create', 'link-keys', 'link-list'],
  ...['link-revoke', 'link-update', 'login-finish', 'login-salts', 'login-start', 'passphrase-change'],
  ...['passphrase-code-send', 'passphrase-reset-finish', 'passphrase-reset-preview', 'passphrase-reset-start'],
  ...['public-key-get', 'rekey-confirm', 'rekey-list', 'resource-history', 'resource-restore', 'session-list'],
  ...[
    'session-logout',
    'session-mails',
    'session-revoke',
    'session-whoami',
    'sync-check',
    'team-create',
    'team-delete',
  ],
  ...[
    'team-leave',
    'team-list',
    'team-member-remove',
    'team-member-role',
    'team-members',
    'team-update',
    'team-waiting',
  ],
] as const;

const atOnce = 6;
/** Milliseconds. */
const answerWithin = 15_000;
/** Seconds by which two clocks may differ before people wonder. */
const clockDifference = 60;

export interface Looking {
  readonly base: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** What can be seen of a server without a session. */
export async function lookAtServer(looking: Looking): Promise<Finding[]> {
  const { base, now, signal } = looking;
  const findings = [lookAtAddress(base)];
  const asked = now();
  let answer: Response;
  try {
    answer = await fetch(`${base}/healthz`, { signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithin)]) });
  } catch (error) {
    signal.throwIfAborted();
    return [...findings, unreachable(base, error)];
  }
  const halfWay = (asked + now()) / 2;
  const body = await json(answer);
  if (!answer.ok || !healthz.output.safeParse(body).success) {
    const detail = `${base}/healthz answered ${answer.status}, and not as Nightvault does.`;
    return [
      ...findings,
      wrong(
        'server',
        detail,
        'Is this the whole address, with any path before the function names? Does a proxy stand in between?',
      ),
    ];
  }
  findings.push(fine('server', `${base} answers.`), lookAtClock(answer.headers.get('date'), halfWay));
  findings.push(await lookAtVersions(looking), await lookAtFunctions(looking));
  return findings;
}

function lookAtAddress(base: string): Finding {
  const exposed = exposure(base);
  if (exposed !== undefined) return wrong('address', exposed, 'Use https://.');
  const how = base.startsWith('https:') ? 'encrypted on the way (TLS)' : 'on this computer';
  return fine('address', `${base} is ${how}.`);
}

/** Errors of the network by their codes, as Node has them. */
const networkFaults: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The name is not known: check the address, and your network.',
  EAI_AGAIN: 'Names cannot be looked up: check your network.',
  ECONNREFUSED: 'Nothing listens there: is the server running, and the port right?',
  EHOSTUNREACH: 'There is no way to it: check your network, and whether a VPN is needed.',
  ENETUNREACH: 'There is no way to it: check your network, and whether a VPN is needed.',
  ECONNRESET: 'It hangs up: does a proxy or firewall stand in between?',
  UND_ERR_CONNECT_TIMEOUT: 'Nothing answers: does a firewall stand in between?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'No TLS is spoken there: is it another port?',
  EPROTO: 'No TLS is spoken there that both sides know: is it another port?',
  ETIMEDOUT: 'Nothing answers: does a firewall stand in between?',
  CERT_HAS_EXPIRED:
    "The server's certificate has expired: its operator must renew it. Is the clock of this computer right?",
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is self-signed: give Node its authority in NODE_EXTRA_CA_CERTS.',
  SELF_SIGNED_CERT_IN_CHAIN: 'A proxy shows a certificate of its own: give Node its authority in NODE_EXTRA_CA_CERTS.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The server does not send its whole chain of certificates: its operator must add the missing one.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another name: check the address.',
};

function unreachable(base: string, error: unknown): Finding {
  const cause = types.isNativeError(error) ? error.cause : undefined;
  const late = error instanceof DOMException && error.name === 'TimeoutError';
  const code = late ? 'ETIMEDOUT' : (errorCode(cause) ?? (types.isNativeError(cause) ? cause.message : ''));
  const certificate = /CERT|TLS|SSL|SIGNATURE/.test(code);
  const detail = `${base} does not answer${code === '' ? '' : ` (${code})`}.`;
  return wrong(certificate ? 'TLS' : 'server', detail, networkFaults[code] ?? 'Check the address and the network.');
}

function lookAtClock(date: string | null, here: number): Finding {
  const there = Date.parse(date ?? '');
  if (Number.isNaN(there))
    return warning('clock', 'The server does not say what time it is.', 'Is it a proxy that answers?');
  const seconds = Math.round((here - there) / 1000);
  if (Math.abs(seconds) <= clockDifference) return fine('clock', 'This computer and the server agree on the time.');
  const detail = `This computer is ${Math.abs(seconds)} seconds ${seconds > 0 ? 'ahead of' : 'behind'} the server.`;
  return warning('clock', detail, 'Set it by the network (NTP). Sync does not go by clocks, but times of edits do.');
}

async function lookAtVersions({ base, signal }: Looking): Promise<Finding> {
  const answer = await fetch(`${base}/configuration`, { signal }).catch(() => undefined);
  const told = configuration.output.safeParse(answer === undefined ? undefined : await json(answer));
  if (!told.success) {
    return wrong(
      'versions',
      'The server does not tell of a protocol this program knows.',
      'Update nightvault, or the server.',
    );
  }
  const weak = told.data.profiles.filter(
    ({ iterations, groupBits }) => iterations < kdfFloor.iterations || groupBits < kdfFloor.groupBits,
  );
  if (weak.length > 0) {
    const detail = `The server offers ${weak.map(({ id }) => id).join(', ')}, below the floor of this program.`;
    return warning('versions', detail, 'This program refuses to use it. Ask the operator why it is there.');
  }
  return fine(
    'versions',
    `The server speaks version ${told.data.protocolVersion} of the protocol, as this program does.`,
  );
}

/** Asks each with GET, which none of those that write takes: so nothing is done. */
async function lookAtFunctions({ base, signal }: Looking): Promise<Finding> {
  const missing: string[] = [];
  await inParallel(usedFunctions, atOnce, async (name) => {
    const answer = await fetch(`${base}/${name}`, { signal, headers: { accept: 'application/json' } }).catch(
      () => undefined,
    );
    const code = answer?.status === 404 ? (readProblem(await answer.text())?.code ?? 'FUNCTION_NOT_FOUND') : undefined;
    if (answer === undefined || code === 'FUNCTION_NOT_FOUND') missing.push(name);
  });
  if (missing.length === 0)
    return fine('functions', `All ${usedFunctions.length} functions that this program calls are there.`);
  const detail = `${missing.length} functions are missing: ${missing.sort().join(', ')}.`;
  return wrong(
    'functions',
    detail,
    'Is the server older than this program, or the deployment not finished? Tell its operator.',
  );
}

async function json(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}
