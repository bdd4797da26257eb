import type * as z from 'zod';
import { publicKeyFingerprint } from '../shared/crypto/fingerprint.ts';
import { parsePublicKey } from '../shared/crypto/rsa-key.ts';
import type { Role } from '../shared/protocol/fields.ts';
import type { groupList } from '../shared/protocol/group.ts';
import {
  type TeamRole,
  teamCreate,
  teamLeave,
  teamList,
  teamMemberRemove,
  teamMemberRole,
  teamMembersList,
  type teamPerson,
  teamWaiting,
} from '../shared/protocol/team.ts';
import { FingerprintRefused } from './failures.ts';
import { type Group, type Recipient, share } from './group.ts';
import type { Session } from './log-in.ts';

export type Team = z.output<typeof teamList.output>['teams'][number];

/** Somebody whom a key could be wrapped to. The fingerprint is made here from the key: the server chose the key. */
export type Person = Recipient & Pick<z.output<typeof teamPerson>, 'email' | 'firstName' | 'lastName'>;

/**
 * Whether a key is this person's: asked before anything is wrapped to it. Ask its owner for the fingerprint over another
 * channel, or remember the answer of the last time.
 */
export type Compare = (person: Person) => boolean | Promise<boolean>;

/** A group of a team whose key nobody has wrapped to this account yet. */
export type WaitingGroup = Extract<
  z.output<typeof groupList.output>['groups'][number],
  { readonly linkState: 'waiting-for-key' }
>;

type RotationRequired = z.output<typeof teamMemberRemove.output>['rotationRequired'];
/** What becomes of groups that would be left to nobody: who takes each, or null where it is deleted. */
export type HandOver = NonNullable<z.input<typeof teamMemberRemove.input>['handOver']>;

/** A new team, its creator the admin. @throws {CallFailed} `QUOTA_EXCEEDED` */
export async function createTeam({ connection }: Session, name: string): Promise<Team> {
  return connection.post('team-create', teamCreate, { name });
}

/** The personal team first. */
export async function listTeams({ connection }: Session): Promise<Team[]> {
  return (await connection.get('team-list', teamList, {})).teams;
}

/** @throws {CallFailed} `TEAM_NOT_FOUND` */
export async function listTeamMembers({ connection }: Session, teamId: string) {
  return (await connection.get('team-members', teamMembersList, { teamId })).members;
}

/** @throws {CallFailed} `LAST_TEAM_ADMIN`, `ROLE_REQUIRED`, `MEMBER_NOT_FOUND` */
export async function setTeamRole({ connection }: Session, teamId: string, accountId: string, role: TeamRole) {
  await connection.post('team-member-role', teamMemberRole, { teamId, accountId, role });
}

/**
 * Gives keys of a team's groups to members who have none yet, as after a group was made.
 * @param groups those whose keys are open here
 * @returns how many keys were given
 * @throws {FingerprintRefused} for the first whose key `compare` does not take for theirs; earlier ones have their keys
 */
export async function grantWaiting(
  session: Session,
  teamId: string,
  groups: readonly Group[],
  compare: Compare,
): Promise<number> {
  const open = new Map(groups.map((group) => [group.id, group]));
  let given = 0;
  let after: string | null = null;
  do {
    const from: { after?: string } = after === null ? {} : { after };
    const page: z.output<typeof teamWaiting.output> = await session.connection.get('team-waiting', teamWaiting, {
      teamId,
      ...from,
    });
    const people = await comparedPeople(page.people, compare);
    for (const { groupId, waiting } of page.groups) {
      const group = open.get(groupId);
      if (group === undefined) continue;
      for (const accountId of waiting) {
        const known = people.get(accountId);
        if (known === undefined) continue;
        await share(session, group, known.person, roleIn(known.role));
        given += 1;
      }
    }
    after = page.next;
  } while (after !== null);
  return given;
}

/** What a member of a team is in its groups unless somebody says otherwise. */
const roleIn = (role: TeamRole): Role => (role === 'admin' ? 'admin' : 'editor');

async function comparedPeople(rows: z.output<typeof teamWaiting.output>['people'], compare: Compare) {
  const people = new Map<string, { person: Person; role: TeamRole }>();
  for (const { role, ...row } of rows) people.set(row.accountId, { person: await compared(row, compare), role });
  return people;
}

/**
 * The person with a fingerprint made from the key itself.
 * @throws {FingerprintRefused}
 * @throws {KeyMalformed} when the server gives something that is no key
 */
export async function compared(row: z.output<typeof teamPerson>, compare: Compare): Promise<Person> {
  const fingerprint = await publicKeyFingerprint(row.publicKey);
  const person = { ...row, publicKey: parsePublicKey(row.publicKey), fingerprint };
  if (!(await compare(person))) throw new FingerprintRefused(row.email, fingerprint);
  return person;
}

/**
 * Takes somebody out of a team and all its groups. What they have read they have read; nothing is written to those
 * groups until their keys are rotated: see `rotateKey`.
 * @param handOver for groups that would be left to nobody: see the problem `GROUPS_ORPHANED`
 * @throws {CallFailed} `LAST_TEAM_ADMIN`, `GROUPS_ORPHANED`, `MEMBER_NOT_FOUND`, `ROLE_REQUIRED`
 */
export async function removeMember(
  { connection }: Session,
  teamId: string,
  accountId: string,
  handOver: HandOver = [],
): Promise<RotationRequired> {
  return (await connection.post('team-member-remove', teamMemberRemove, { teamId, accountId, handOver }))
    .rotationRequired;
}

/** @throws {CallFailed} `LAST_TEAM_ADMIN`, `GROUPS_ORPHANED`, `PERSONAL_TEAM` */
export async function leaveTeam({ connection }: Session, teamId: string, handOver: HandOver = []): Promise<void> {
  await connection.post('team-leave', teamLeave, { teamId, handOver });
}
