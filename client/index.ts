/**
 * Nightvault for programs: end-to-end-encrypted project data, in Node and in browsers. `client/README.md` is the tour.
 * @module
 */

export type { AnalyticsChoice } from '../shared/protocol/analytics.ts';
export type { Role } from '../shared/protocol/fields.ts';
export type { GroupChoice } from '../shared/protocol/leaving.ts';
export type { FieldError, ProblemCode } from '../shared/protocol/problems.ts';
export type { ProfileId } from '../shared/protocol/profiles.ts';
export type { TeamRole } from '../shared/protocol/team.ts';
export { Account } from './api/account.ts';
export { type BlobStatus, Blobs } from './api/blobs.ts';
export { Changes, type OpenChange, type OpenPage, type PullOptions } from './api/changes.ts';
export type { LongWork, Progress, Until } from './api/context.ts';
export { type Comparing, Group, type OpenVersion } from './api/group.ts';
export { type ClosedGroup, type GroupNews, Groups, type Held } from './api/groups.ts';
export { Invites } from './api/invites.ts';
export type { Configuration, Limits } from './api/limits.ts';
export { type ConnectOptions, Nightvault } from './api/nightvault.ts';
export { Push } from './api/push.ts';
export type { SavedAccount } from './api/saved-account.ts';
export type { SavedGroup } from './api/saved-group.ts';
export { type AuditEvent, type ListedSession, type OwnMail, Sessions } from './api/sessions.ts';
export { Teams } from './api/teams.ts';
export { Usage, type UsageEvent, type UsagePreference } from './api/usage.ts';
export type { Verdict } from './api/verdict.ts';
export type { BlobReference } from './blob/plan.ts';
export type { BlobSource } from './blob/source.ts';
export type { Draft, OpenResource } from './changes.ts';
export type { Wait } from './connection.ts';
export * from './errors.ts';
export type { Member } from './group.ts';
export type { NamedInvite, ReceivedInvite, SentInvite } from './invite.ts';
export type { Credentials } from './log-in.ts';
export type { NightvaultError } from './nightvault-error.ts';
export type { OwnerProof } from './passphrase.ts';
export type { ResetPreview, Waiting } from './passphrase-reset.ts';
export type { NewAccount } from './sign-up.ts';
export type { Compare, HandOver, Person, Team, WaitingGroup } from './team.ts';
export { MemoryNotes, type Notes } from './trust/notes.ts';
