import { type TeamRole, teamDelete, teamUpdate } from '../../shared/protocol/team.ts';
import {
  type Compare,
  createTeam,
  grantWaiting,
  type HandOver,
  leaveTeam,
  listTeamMembers,
  listTeams,
  removeMember,
  setTeamRole,
  type Team,
} from '../team.ts';
import type { Context, Until } from './context.ts';
import type { Group } from './group.ts';

/** The teams of an account. Its groups' keys are given out by people, never by the server. */
export class Teams {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The personal team first. */
  list(until: Until = {}): Promise<Team[]> {
    return listTeams(this.#context.session(until));
  }

  /** @throws {CallFailed} `QUOTA_EXCEEDED`, `RATE_LIMITED` */
  create(name: string, until: Until = {}): Promise<Team> {
    return createTeam(this.#context.session(until), name);
  }

  /** @throws {CallFailed} `ROLE_REQUIRED`, `TEAM_NOT_FOUND` */
  async rename(teamId: string, name: string, until: Until = {}): Promise<void> {
    await this.#context.session(until).connection.post('team-update', teamUpdate, { teamId, name });
  }

  /** A team without groups. @throws {CallFailed} `TEAM_IN_USE`, `PERSONAL_TEAM`, `ROLE_REQUIRED`, `TEAM_NOT_FOUND` */
  async delete(teamId: string, until: Until = {}): Promise<void> {
    await this.#context.session(until).connection.post('team-delete', teamDelete, { teamId });
  }

  members(teamId: string, until: Until = {}) {
    return listTeamMembers(this.#context.session(until), teamId);
  }

  /** @throws {CallFailed} `LAST_TEAM_ADMIN`, `ROLE_REQUIRED`, `MEMBER_NOT_FOUND` */
  async setRole(teamId: string, accountId: string, role: TeamRole, until: Until = {}): Promise<void> {
    await setTeamRole(this.#context.session(until), teamId, accountId, role);
  }

  /**
   * Takes somebody out of a team and all its groups.
   * @param handOver for groups that would be left to nobody
   * @returns the groups whose key must be rotated before anything is written to them again: `group.rotateKey`
   * @throws {CallFailed} `LAST_TEAM_ADMIN`, `GROUPS_ORPHANED`, `MEMBER_NOT_FOUND`, `ROLE_REQUIRED`
   */
  remove(teamId: string, accountId: string, handOver: HandOver = [], until: Until = {}) {
    return removeMember(this.#context.session(until), teamId, accountId, handOver);
  }

  /** @throws {CallFailed} `LAST_TEAM_ADMIN`, `GROUPS_ORPHANED`, `PERSONAL_TEAM` */
  async leave(teamId: string, handOver: HandOver = [], until: Until = {}): Promise<void> {
    await leaveTeam(this.#context.session(until), teamId, handOver);
  }

  /**
   * Gives keys of a team's groups to members who have none yet.
   * @param compare asked for a key not seen before
   * @returns how many keys were given
   * @throws {PublicKeyChanged | PersonUnverified | FingerprintRefused} earlier ones have their keys
   */
  grantWaiting(teamId: string, groups: readonly Group[], compare?: Compare, until: Until = {}): Promise<number> {
    const held = groups.map((group) => group.keys);
    const check: Compare = (person) => this.#context.pins.expect(person, compare);
    return grantWaiting(this.#context.session(until), teamId, held, check);
  }
}
