import fc from 'fast-check';
import { registry } from '../../../functions/registry.ts';
import type { Platform } from '../../../shared/platform/context.ts';
import type { AnyFunction, Operations } from '../../../shared/platform/definition.ts';
import type { HttpRequest } from '../../../shared/platform/http/message.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { eventTypes } from '../../../shared/protocol/analytics.ts';
import { trackEvent, withKey } from '../../support/analytics.ts';
import {
  beginLogin,
  type Member,
  makePerson,
  newGroup,
  newMember,
  type Person,
  wrappedKey,
} from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { newTeam } from '../../support/teams.ts';

/** More with FUZZ_RUNS; repeat a failure with the seed and path that fast-check prints. */
const runsPerFunction = Number(process.env.FUZZ_RUNS ?? 60);

let stack: TestStack;
let jane: Member;
let samples: Readonly<Record<string, object>>;

beforeAll(async () => {
  stack = await startTestStack();
  jane = await newMember(stack);
  const groupId = await newGroup(stack, jane);
  const { email, signUpBody } = await makePerson('bob');
  const { body, started } = await beginLogin(stack, jane);
  const { srpB } = started.body as { srpB: string };
  const link = { accountId: jane.accountId, encSymmetricKey: wrappedKey() };
  const change = {
    id: 'req_1',
    type: 'Request',
    name: 'n',
    baseVersion: null,
    removed: false,
    lastEdited: 1,
    encContent: '{}',
  };
  const teamId = await newTeam(stack, jane);
  const inviteId = `inv_${'0'.repeat(32)}`;
  const wrapped = { keyEpoch: 1, encSymmetricKey: wrappedKey(), oldKeys: [] };
  const push = { messageId: '1', data: Buffer.from('{"messageId":"0"}').toString('base64'), attributes: {} };
  samples = {
    'account-create': signUpBody,
    'account-verify': { token: 'a'.repeat(43) },
    'account-resend-verification': { email },
    'email-deliver': { subscription: 's', message: push },
    'email-status': { state: 'dead', after: '0'.repeat(32), limit: '5' },
    'email-replay': { messageId: '0'.repeat(32), state: 'dead' },
    'login-salts': { email },
    'login-start': { email, srpA: srpB },
    'login-finish': body,
    'session-whoami': {},
    'session-logout': {},
    'session-list': {},
    'session-revoke': { sessionId: 'f'.repeat(64) },
    'audit-list': { limit: '5' },
    'session-mails': {},
    'public-key-get': { email },
    'passphrase-code-send': {},
    'passphrase-change': { ...newSecrets(signUpBody), proof: { code: 'a'.repeat(43) } },
    'passphrase-reset-start': { email: jane.email },
    'passphrase-reset-preview': { token: 'a'.repeat(43) },
    'passphrase-reset-finish': { ...signUpBody, token: 'a'.repeat(43) },
    'rekey-list': {},
    'rekey-confirm': { items: [{ groupId, ...link, keyEpoch: 1, generation: 2, oldKeys: [] }] },
    'team-create': { name: 'n' },
    'team-list': {},
    'team-update': { teamId, name: 'n' },
    'team-delete': { teamId },
    'team-members': { teamId },
    'team-waiting': { teamId, after: groupId },
    'team-member-role': { teamId, accountId: jane.accountId, role: 'member' },
    'team-member-remove': { teamId, accountId: jane.accountId, handOver: [{ groupId, to: null }] },
    'team-leave': { teamId, handOver: [{ groupId, to: jane.accountId }] },
    'invite-create': { teamId, email, role: 'member' },
    'invite-list': { teamId },
    'invite-accept': { inviteId },
    'invite-decline': { code: 'a'.repeat(43) },
    'invite-revoke': { inviteId },
    'invite-confirm': { inviteId, publicKeyFingerprint: `${'0000 '.repeat(15)}0000`, links: [{ groupId, ...wrapped }] },
    'email-change-start': { ...newSecrets(signUpBody), email, proof: { code: 'a'.repeat(43) } },
    'email-change-confirm': { token: 'a'.repeat(43) },
    'account-export': {},
    'account-delete-code-send': { email },
    'account-delete': {
      proof: { code: 'a'.repeat(43) },
      groups: [{ groupId, action: 'transfer', to: jane.accountId }],
    },
    'group-create': { name: 'n', parentResourceId: 'wrk_1', encSymmetricKey: wrappedKey() },
    'group-list': {},
    'group-rotate-key': { groupId, baseKeyEpoch: 1, links: [link] },
    'link-create': { groupId, ...link, role: 'viewer', keyEpoch: 1 },
    'link-list': { groupId },
    'link-revoke': { groupId, accountId: jane.accountId },
    'changes-push': { groupId, keyEpoch: 1, changes: [change], atomic: false },
    'changes-pull': { groupId, cursor: 'c', limit: 10 },
    'sync-check': { groups: [{ groupId, cursor: null }] },
    'resource-history': { groupId, id: 'req_1', limit: '5' },
    'resource-restore': { groupId, keyEpoch: 1, id: 'req_1', version: '1-x', baseVersion: null, lastEdited: 1 },
    'group-update': { groupId, name: 'n' },
    'group-delete': { groupId },
    'group-restore': { groupId },
    'group-leave': { groupId },
    'link-keys': { groupId },
    'link-update': { groupId, accountId: jane.accountId, role: 'viewer' },
    'maintenance-history': {},
    'maintenance-groups': {},
    'maintenance-outbox': {},
    'maintenance-departures': {},
    'breach-notice-start': { subject: 's', paragraphs: ['p'], audience: [jane.accountId], dryRun: true },
    'breach-notice-run': {},
    'breach-notice-status': { noticeId: `ntc_${'0'.repeat(32)}`, limit: '5' },
    vault: {},
    'page-file': { name: 'vault.0000000000000000.js' },
    'analytics-collect/v1/batch': { batch: [trackEvent(), trackEvent()], sentAt: new Date().toISOString() },
    ...Object.fromEntries(eventTypes.map((type) => [`analytics-collect/v1/${type}`, trackEvent()])),
    'analytics-ingest': { subscription: 's', message: push },
    'analytics-preference': { analytics: 'off', forget: false },
    'analytics-preference/device': { anonymousId: 'device', analytics: 'off', forget: true },
    'analytics-report': { from: '2026-01-01', to: '2026-01-31' },
    'maintenance-analytics': {},
    configuration: {},
    healthz: {},

    'blob-upload': { groupId, blobId: 'a'.repeat(64), part: 0, parts: 1 },
    'blob-status': { groupId, blobId: 'a'.repeat(64) },
    'blob-download': { groupId, blobId: 'a'.repeat(64) },
    'blob-delete': { groupId, blobId: 'a'.repeat(64) },
    'maintenance-blobs': {},
  };
});
afterAll(() => stack.stop());

/** What a new passphrase needs, out of what a sign-up needs. */
function newSecrets({ saltKey, saltAuth, saltEnc, verifier, profile, encSymmetricKey }: Person['signUpBody']) {
  const keys = { encSymmetricKey, baseEncSymmetricKey: encSymmetricKey };
  return { saltKey, saltAuth, saltEnc, verifier, profile, ...keys };
}

const hostile = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '__proto__',
    '../../accounts/x',
    'a/b',
    '.',
    '-1',
    '1e999',
    'a'.repeat(2_000),
    'f'.repeat(512),
    '0'.repeat(512),
    `${'0'.repeat(511)}1`,
    '{"a":1}',
    '[]',
    1e308,
    -1,
    0.5,
    2 ** 53,
    [],
    {},
    null,
    true,
    [[[[[[[[]]]]]]]],
    { constructor: { prototype: 1 } },
  ),
);

/** One change to a body: at some path, replace, remove, rename or nest. */
const mutation = fc.record({
  at: fc.array(fc.nat(30), { maxLength: 4 }),
  kind: fc.constantFrom('replace', 'remove', 'rename', 'nest'),
  value: hostile,
});
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

function mutate(body: unknown, { at, kind, value }: Mutation): unknown {
  const [step, ...deeper] = at;
  if (step === undefined || typeof body !== 'object' || body === null) return kind === 'nest' ? { body, value } : value;
  const entries = Object.entries(body);
  if (entries.length === 0) return { extra: value };
  const index = step % entries.length;
  const [key = '', old] = entries[index] ?? [];
  if (deeper.length > 0) entries[index] = [key, mutate(old, { at: deeper, kind, value })];
  else if (kind === 'remove') entries.splice(index, 1);
  else if (kind === 'rename') entries[index] = [typeof value === 'string' ? value : 'renamed', old];
  else entries[index] = [key, kind === 'nest' ? [old, value] : value];
  return Array.isArray(body) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

/** How the bytes on the wire may be spoiled besides. */
const spoiling = fc.oneof(
  { weight: 8, arbitrary: fc.constant((text: string) => text) },
  { weight: 1, arbitrary: fc.nat(500).map((length) => (text: string) => text.slice(0, length)) },
  {
    weight: 1,
    arbitrary: fc.string({ maxLength: 5 }).map((insert) => (text: string) => text.slice(0, 9) + insert + text.slice(9)),
  },
);

const headers = fc.record(
  {
    'content-type': fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'text/plain',
      'application/x-www-form-urlencoded',
      '',
    ),
    'content-encoding': fc.constantFrom('gzip', 'identity', 'br', 'gzip, gzip'),
    range: fc.constantFrom('bytes=0-', 'bytes=-1', 'bytes=9-1', 'bytes=5', 'x'),
    'idempotency-key': fc.oneof(fc.string({ maxLength: 300 }), fc.uuid()),
    'request-id': fc.string({ maxLength: 80 }),
    authorization: fc.constantFrom('Bearer', 'Bearer x', `Bearer ${'0'.repeat(64)}`, 'Basic eDp5'),
    accept: fc.constantFrom('text/html', 'application/json', '*/*', ','),
    origin: fc.string({ maxLength: 40 }),
  },
  { requiredKeys: [] },
);

/** Counts what a call writes. */
function counting(platform: Platform) {
  let commits = 0;
  const database: Platform['database'] = {
    ...platform.database,
    commit: (writes) => {
      commits += 1;
      return platform.database.commit(writes);
    },
  };
  return { platform: { ...platform, database }, commits: () => commits };
}

describe('under mutated input', () => {
  it.each(registry.flatMap(placesOf))(
    '%s never breaks, never answers HTML for a failure, and writes nothing it refuses',
    async (place, entry, operations) => {
      const sample = samples[place];
      if (sample === undefined) throw new Error(`The fuzz test has no sample for ${place}: add one.`);
      const where = { path: place.slice(entry.name.length) || '/', method: methodOf(operations) };
      await fc.assert(
        fc.asyncProperty(
          fc.array(mutation, { minLength: 1, maxLength: 3 }),
          spoiling,
          headers,
          fc.boolean(),
          async (mutations, spoil, extra, loggedIn) => {
            const text = spoil(JSON.stringify(mutations.reduce(mutate, sample)) ?? '');
            const { platform, commits } = counting(stack.platform);
            const answer = await serve(
              entry,
              request(where, text, { ...withKey, ...(loggedIn ? { 'x-session-id': jane.token } : {}), ...extra }),
              platform,
            );
            const { status, body = '' } = answer;
            expect(status).toBeLessThan(500);
            if (status < 300) return;
            expect(answer.headers['content-type']).toBe('application/problem+json');
            const { code, errors } = JSON.parse(body);
            if (code === 'INVALID_INPUT')
              expect(errors?.length ?? (entry.trigger === 'topic' ? 1 : 0)).toBeGreaterThan(0);
            // How long a part is shows only when it has been stored; what is left of it then, the blob tests look at.
            const uploads = operations?.PUT?.uploads === true;
            if (!uploads && (status === 400 || status === 413 || status === 415)) expect(commits()).toBe(0);
          },
        ),
        { numRuns: runsPerFunction },
      );
    },
    120_000,
  );
});

/** A function, or what is below its name: where, and by which methods. */
function placesOf(entry: AnyFunction): [place: string, entry: AnyFunction, operations: Operations | undefined][] {
  if (entry.trigger !== 'http') return [[entry.name, entry, undefined]];
  const below = Object.entries(entry.paths).map(([path, operations]) => [entry.name + path, operations] as const);
  const own = Object.keys(entry.operations).length > 0 ? [[entry.name, entry.operations] as const] : [];
  return [...own, ...below].map(([place, operations]) => [place, entry, operations]);
}

function request(
  { path, method }: Pick<HttpRequest, 'path' | 'method'>,
  text: string,
  extra: Readonly<Record<string, string>>,
): HttpRequest {
  async function* body() {
    yield new TextEncoder().encode(text);
  }
  const query = new URLSearchParams(method === 'POST' ? {} : inQuery(text));
  return {
    method,
    path,
    query,
    headers: { 'content-type': 'application/json', ...extra },
    address: '192.0.2.1',
    body: body(),
  };
}

const methodOf = (operations: Operations | undefined) => {
  if (operations === undefined || operations.POST) return 'POST';
  return operations.PUT ? 'PUT' : 'GET';
};

/** The fields of an input as a query has them, texts all; or, of what is no object any more, something. */
function inQuery(text: string): Record<string, string> {
  try {
    const entries = Object.entries(JSON.parse(text) as object);
    return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'string' ? value : `${value}`]));
  } catch {
    return { groupId: text.slice(0, 60), text };
  }
}
