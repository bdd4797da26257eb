import { accept } from './commands/accept.ts';
import { address } from './commands/address.ts';
import { analytics } from './commands/analytics.ts';
import { audit } from './commands/audit.ts';
import { completion } from './commands/completion.ts';
import { create } from './commands/create.ts';
import { deleteAccount } from './commands/delete-account.ts';
import { deleteGroup } from './commands/delete-group.ts';
import { diff } from './commands/diff.ts';
import { doctor } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { groups } from './commands/groups.ts';
import { history } from './commands/history.ts';
import { importCommand } from './commands/import.ts';
import { invite } from './commands/invite.ts';
import { leave } from './commands/leave.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { members } from './commands/members.ts';
import { passphrase } from './commands/passphrase.ts';
import { pull } from './commands/pull.ts';
import { push } from './commands/push.ts';
import { readmit } from './commands/readmit.ts';
import { rename } from './commands/rename.ts';
import { restore } from './commands/restore.ts';
import { revoke } from './commands/revoke.ts';
import { role } from './commands/role.ts';
import { rotateKey } from './commands/rotate-key.ts';
import { sessions } from './commands/sessions.ts';
import { share } from './commands/share.ts';
import { signup } from './commands/signup.ts';
import { status } from './commands/status.ts';
import { syncCommand } from './commands/sync.ts';
import { team } from './commands/team.ts';
import { teams } from './commands/teams.ts';
import { verify } from './commands/verify.ts';
import { whoami } from './commands/whoami.ts';
import type { Command } from './definition.ts';

/** Every command, once, in the order of the help. */
export const commands: readonly Command[] = [
  signup,
  verify,
  login,
  logout,
  whoami,
  sessions,
  audit,
  groups,
  create,
  rename,
  syncCommand,
  push,
  pull,
  status,
  diff,
  history,
  restore,
  importCommand,
  exportCommand,
  share,
  members,
  role,
  readmit,
  revoke,
  rotateKey,
  leave,
  deleteGroup,
  teams,
  invite,
  accept,
  team,
  passphrase,
  address,
  analytics,
  deleteAccount,
  doctor,
  completion(() => commands),
];
