import type { Context } from '../../shared/platform/context.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import type { Stored } from '../../shared/store/database.ts';
import { type Group, groups } from '../../shared/store/groups.ts';

const mostStepBytes = 16 * 1024 * 1024;
const stepsPerQuota = 64;

/**
 * That the group, and the account that made it, have room for more bytes. The account's sum costs a read, so it is
 * asked only when the group grows past another step (a 64th of the quota, 16 MiB at most): an account can overshoot by
 * one step for each of its groups, not more.
 * @throws Problem `QUOTA_EXCEEDED` with the numbers
 */
export async function requireRoom(
  { database, settings }: Pick<Context, 'database' | 'settings'>,
  group: Stored<Group>,
  needed: number,
): Promise<void> {
  const { bytes, createdBy } = group.data;
  const { groupQuotaBytes, accountQuotaBytes } = settings;
  if (needed <= 0) return;
  if (bytes + needed > groupQuotaBytes) throw quotaExceeded('groupBytes', groupQuotaBytes, bytes, needed);
  const step = Math.max(1, Math.min(mostStepBytes, Math.floor(accountQuotaBytes / stepsPerQuota)));
  if (Math.floor(bytes / step) === Math.floor((bytes + needed) / step)) return;
  const used = await database.sum({ collection: groups, where: [['createdBy', '==', createdBy]] }, 'bytes');
  if (used + needed > accountQuotaBytes) throw quotaExceeded('accountBytes', accountQuotaBytes, used, needed);
}

const meanings = {
  groupBytes: 'bytes in this group',
  accountBytes: 'bytes in all groups of the account that made this one',
  groupMembers: 'members of a group',
  teamMembers: 'members of a team',
  teamGroups: 'groups of a team, deleted ones included until they are purged',
  accountTeams: 'teams of an account',
} as const;

/** The refusal, with its numbers as members. */
export function quotaExceeded(quota: keyof typeof meanings, limit: number, used: number, needed: number): Problem {
  const detail = `At most ${limit} ${meanings[quota]}: there are ${used}, and this needs ${needed} more.`;
  return new Problem('QUOTA_EXCEEDED', detail, { quota, limit, used, needed });
}
