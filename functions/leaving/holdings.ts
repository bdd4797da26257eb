import { sha256Hex } from '../../shared/platform/hash.ts';
import { charge } from '../../shared/platform/rate-limit.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { accounts } from '../../shared/store/accounts.ts';
import type { AnalyticsPreference } from '../../shared/store/analytics.ts';
import { auditEvents } from '../../shared/store/audit.ts';
import { blobs, type StoredBlob } from '../../shared/store/blobs.ts';
import { update } from '../../shared/store/database.ts';
import { allLinks, groups, type Link, links, oldKeys } from '../../shared/store/groups.ts';
import type { Handshake } from '../../shared/store/handshakes.ts';
import { idempotencyRecords } from '../../shared/store/idempotency.ts';
import type { Invite } from '../../shared/store/invites.ts';
import { type Login, logins } from '../../shared/store/logins.ts';
import { type BreachNotice, breachNotices } from '../../shared/store/notices.ts';
import type { OutboxMessage } from '../../shared/store/outbox.ts';
import { allVersions, resources } from '../../shared/store/resources.ts';
import { sessions } from '../../shared/store/sessions.ts';
import { type Team, type TeamMember, teams } from '../../shared/store/teams.ts';
import type { Token } from '../../shared/store/tokens.ts';
import { contents } from '../blob/contents.ts';
import { claimOf } from '../group/group-create.ts';
import { handshakesOf, mailsTo, tokensOf } from './by-address.ts';
import { type Holding, holding, inEach, mine, mineEverywhere } from './holding.ts';
import { leaveGroups } from './late-links.ts';
import { existing, paged, pageSize } from './paged.ts';
import { invitesOf, leaveTeams, membershipsOf } from './teams.ts';
import { choiceOf, eventsOf, forgetUsage } from './usage.ts';

/**
 * THE list of where an account's data stand: account-export shows it, and what account-delete leaves is erased by it. A
 * new collection goes in here, or among `withoutOwner` with the reason; a test fails until it does.
 */
export const ofAccount: readonly Holding[] = [
  holding({
    name: 'account',
    collections: ['accounts'],
    about: 'Names, address and keys. Private and symmetric key are encrypted: your passphrase opens them.',
    pages: ({ accountId }, store) => existing(store.database, [accounts.doc(accountId)]),
  }),
  holding<Login>({
    name: 'logins',
    collections: ['logins'],
    about: 'What a login is checked against. The SRP verifier is left out: passphrases could be tried on it.',
    pages: async function* ({ accountId, emails }, store) {
      const refs = emails.map((email) => logins.doc(sha256Hex(email)));
      // Another account may have signed up with an address that this one had.
      for await (const page of existing(store.database, refs))
        yield page.filter(({ data }) => data.accountId === accountId);
    },
    show: ({ sealedVerifier: _left, ...shown }) => shown,
  }),
  holding({
    name: 'sessions',
    collections: ['sessions'],
    about: 'Devices that are logged in. The store has no session tokens, only their SHA-256: the last part of `path`.',
    pages: mine(sessions),
  }),
  holding<Handshake>({
    name: 'handshakes',
    collections: ['attempts'],
    about:
      'Logins that were tried. `from` is a hash, under a key of the server, of the network that it was tried from.',
    pages: handshakesOf,
  }),
  holding<Token>({
    name: 'tokens',
    collections: ['tokens'],
    about: 'Links and codes that were mailed and not used, by their SHA-256. A verifier in them is left out, as above.',
    pages: tokensOf,
    show: ({ newAddress, ...shown }) => {
      if (newAddress === undefined) return shown;
      const { sealedVerifier: _left, ...pending } = newAddress;
      return { ...shown, newAddress: pending };
    },
  }),
  holding({
    name: 'audit',
    collections: ['audit'],
    about: 'What has happened to the safety of the account.',
    pages: ({ accountId }, { database }) => paged(database, { collection: auditEvents(accountId), where: [] }),
  }),
  holding<OutboxMessage>({
    name: 'mails',
    collections: ['outbox'],
    about: 'Mails to your address and what became of them. What they say is left out: it may hold a code that works.',
    pages: mailsTo,
    show: ({ sealedValues: _left, ...shown }) => shown,
  }),
  holding<BreachNotice>({
    name: 'notices',
    collections: ['breachNotices'],
    about: 'Notices of the operator that name your account. Who else they name is left out.',
    pages: async function* ({ accountId }, { database }) {
      for await (const page of paged(database, { collection: breachNotices, where: [] }, pageSize.contents)) {
        yield page.filter(({ data }) => data.accountIds?.includes(accountId));
      }
    },
    show: ({ subject, paragraphs, created }) => ({ subject, paragraphs, created }),
    erase: async (rows, { accountId }) =>
      rows.map((notice) =>
        update(notice, { accountIds: (notice.data.accountIds ?? []).filter((id) => id !== accountId) }),
      ),
  }),
  holding<Link>({
    name: 'links',
    collections: ['links'],
    about: 'Your membership of each group, with its key wrapped to your public key.',
    pages: mineEverywhere(allLinks),
    erase: leaveGroups,
  }),
  holding({
    name: 'keys',
    collections: ['keys'],
    about: 'Earlier keys of each group, wrapped to your public key.',
    pages: async function* ({ accountId, groupIds }, { database }) {
      for (const id of groupIds) yield* paged(database, { collection: oldKeys(id, accountId), where: [] });
    },
  }),
  holding<TeamMember>({
    name: 'memberships',
    collections: ['members'],
    about: 'Your place in each team.',
    pages: membershipsOf,
    erase: leaveTeams,
  }),
  holding<Team>({
    name: 'teams',
    collections: ['teams'],
    about: 'The teams you are in, your personal one among them.',
    pages: async function* (owner, store) {
      for await (const page of membershipsOf(owner, store)) {
        yield* existing(
          store.database,
          page.map(({ data }) => teams.doc(data.teamId)),
        );
      }
    },
    // They go, or go on without the account, with the membership.
    erase: async () => [],
  }),
  holding<Invite>({
    name: 'invites',
    collections: ['invites'],
    about: 'Invites to your address, and those you made. The SHA-256 of the code is left out: the mail has the code.',
    pages: invitesOf,
    show: ({ codeHash: _left, ...shown }) => shown,
  }),
  holding({
    name: 'parentClaims',
    collections: ['parentClaims'],
    about: 'Which group you made for which parent resource; the name of the document is a hash of both.',
    pages: async function* ({ accountId }, store) {
      const where = [['createdBy', '==', accountId]] as const;
      for await (const page of paged(store.database, { collection: groups, where })) {
        const parents = page.flatMap(({ data: { parentResourceId } }) => parentResourceId ?? []);
        yield* existing(
          store.database,
          [...new Set(parents)].map((id) => claimOf(accountId, id)),
        );
      }
    },
  }),
  holding({
    name: 'usage',
    collections: ['analyticsEvents'],
    about: 'Usage events sent in your name; ids in them are keyed hashes. What was only counted cannot be told apart.',
    pages: eventsOf,
    erase: forgetUsage,
  }),
  holding<AnalyticsPreference>({
    name: 'usageChoice',
    collections: ['analyticsPreferences'],
    about: 'Whether you have allowed usage events, and since when.',
    pages: choiceOf,
    show: ({ choice, chosen }) => ({ choice, chosen }),
    erase: forgetUsage,
  }),
  holding({
    name: 'idempotency',
    collections: ['idempotency'],
    about: 'Answers to your calls with an `Idempotency-Key`, kept for 24 hours for their retries.',
    pages: mine(idempotencyRecords),
  }),
  holding({
    name: 'rateLimits',
    collections: ['rateLimits'],
    about: 'How often rules that count by account or address have counted you lately.',
    pages: ({ accountId, emails }, store) => {
      const now = store.clock.now();
      const windows = Object.values(rateRules).flatMap((rule) => {
        const subjects = rule.by === 'account' ? [accountId] : rule.by === 'email' ? emails : [];
        const times = [now, now - rule.windowSeconds * 1000];
        return subjects.flatMap((subject) => times.map((time) => charge(rule, subject, time).window));
      });
      return existing(store.database, windows);
    },
  }),
];

/** The same, for what is in the groups that the account can read. A group that is deleted is purged as a whole. */
export const ofGroups: readonly Holding[] = [
  holding({
    name: 'groups',
    collections: ['groups'],
    about: 'The groups you are a member of, deleted ones that can be restored included.',
    pages: async function* ({ groupIds }, store) {
      for (let at = 0; at < groupIds.length; at += pageSize.small) {
        yield* existing(
          store.database,
          groupIds.slice(at, at + pageSize.small).map((id) => groups.doc(id)),
        );
      }
    },
  }),
  holding<Link>({
    name: 'members',
    collections: ['links'],
    about: 'Who is in them. Their wrapped keys are left out: they are theirs.',
    pages: inEach((groupId, { database }) => paged(database, { collection: links(groupId), where: [] })),
    show: ({ encSymmetricKey: _left, ...shown }) => shown,
  }),
  holding({
    name: 'resources',
    collections: ['resources'],
    about: 'What stands in the groups, removals included. `encContent` is encrypted under the group key.',
    pages: inEach((groupId, { database }) =>
      paged(database, { collection: resources(groupId), where: [] }, pageSize.contents),
    ),
  }),
  holding({
    name: 'history',
    collections: ['history'],
    about: 'Every version that is kept of them.',
    pages: inEach((groupId, { database }) => {
      const where = [['groupId', '==', groupId]] as const;
      return paged(database, { collection: allVersions, everywhere: true, where }, pageSize.contents);
    }),
  }),
  holding<StoredBlob>({
    name: 'blobs',
    collections: ['blobs', 'chunks'],
    about:
      'Files. `data` is a list of base64 texts: put together they are the ciphertext, in an upload as far as it came.',
    pages: inEach((groupId, { database }) => paged(database, { collection: blobs(groupId), where: [] })),
    bytes: (blob, { database }) => contents(database, blob, { first: 0, last: blob.data.size - 1 }),
  }),
];

/** Collections without data that could be found by an account, and why that is right. */
export const withoutOwner: Readonly<Record<string, string>> = {
  decoys: 'filler, written in place of what must not be written for an address; nobody reads it',
  looseParts: 'ids of ciphertext that no blob has or ever will have; the sweep takes it within a day',
  analyticsDaily: 'how often each event came on a day; the sketches of devices beside it are keyed by the day',
  analyticsDropped: 'how many events were not kept, and why',
  departures: 'what is left to erase of deleted accounts; gone when it is done',
};
