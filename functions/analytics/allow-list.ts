import type { EventType } from '../../shared/protocol/analytics.ts';

/**
 * What of a property is kept: one of some words (anything else becomes `other`), a whole number from 0, or yes and no.
 * So no text that a client makes up is ever stored.
 */
export type PropertyRule =
  | { readonly kind: 'word'; readonly words: readonly string[]; readonly about: string }
  | { readonly kind: 'count'; readonly about: string }
  | { readonly kind: 'flag'; readonly about: string };

export interface ListedEvent {
  readonly type: EventType;
  readonly name: string;
  readonly about: string;
  readonly properties: Readonly<Record<string, PropertyRule>>;
}

const word = (about: string, ...words: readonly string[]): PropertyRule => ({ kind: 'word', words, about });
const count = (about: string): PropertyRule => ({ kind: 'count', about });

const mediaTypes = [
  'application/json',
  'application/xml',
  'application/yaml',
  'application/graphql',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
  'text/yaml',
  'text/html',
  'none',
] as const;

const track = (name: string, about: string, properties: ListedEvent['properties'] = {}): ListedEvent => ({
  type: 'track',
  name,
  about,
  properties,
});

/**
 * THE list of what is collected: an event that is not here is counted and dropped, a property that is not here is
 * dropped. The table in docs/analytics.md and the columns in BigQuery follow from it. Texts that could hold something of
 * a project, such as error messages, are left out on purpose.
 */
export const allowList: readonly ListedEvent[] = [
  track('App Started', 'The app was started', {
    localProjects: count('Projects on this computer only'),
    remoteProjects: count('Projects that are synced'),
    createdRequests: count('Requests ever created'),
    deletedRequests: count('Requests ever deleted'),
    executedRequests: count('Requests ever sent'),
  }),
  track('Analytics Disabled', 'Usage statistics were switched off: the last event of an app'),
  track('Login Success', 'Somebody logged in'),
  track('Scratchpad Selected at Login', 'The app is used without an account'),
  track('Request Created', 'A request was created', {
    requestType: word(
      'Its protocol',
      'HTTP',
      'GraphQL',
      'gRPC',
      'WebSocket',
      'Event Stream',
      'Socket.IO',
      'cURL',
      'MCP',
    ),
  }),
  track('Request Executed', 'A request was sent', {
    preferredHttpVersion: word('HTTP version asked for', 'default', 'V1_0', 'V1_1', 'V2PriorKnowledge', 'V2_0', 'v3'),
    authenticationType: word(
      'Kind of authentication',
      ...['none', 'apikey', 'asap', 'basic', 'bearer', 'digest', 'hawk', 'iam', 'netrc', 'ntlm'],
      ...['oauth1', 'oauth2', 'singleToken', 'disabled'],
    ),
    mimeType: word('Media type of the body, less its parameters', ...mediaTypes),
  }),
  track('Request Body Type Selected', 'A body type was chosen', {
    type: word('Media type, less its parameters', ...mediaTypes),
  }),
  track('Collection Created', 'A collection was created'),
  track('Document Created', 'An API specification was created'),
  track('Mock Created', 'A mock server was created'),
  track('Environment Workspace Created', 'An environment was created'),
  track('Collection Run Executed', 'A whole collection was run', {
    plan: word('Plan of the subscription', 'free', 'individual', 'team', 'enterprise', 'enterprise-member'),
    iterations: count('Rounds'),
  }),
  track('Data Imported', 'Data were imported'),
  track('Data Exported', 'Data were exported', {
    type: word('Format', 'json', 'yaml', 'har', 'openapi', 'insomnia'),
    scope: word('How much', 'all', 'project', 'workspace', 'request'),
  }),
  track('Exported All Collections', 'Everything was exported'),
  track('Local Project Created', 'A project without sync was created'),
  track('Local Project Deleted', 'A project without sync was deleted'),
  track('Invite Triggered From App', 'The dialogue for invitations was opened'),
  track('Invite Member', 'Somebody was invited'),
  track('Kong Connected', 'A gateway was connected'),
  track('Kong Synced', 'A gateway was synced'),
  track('Sync Conflict Resolution Started', 'A sync met a conflict'),
  track('Sync Conflict Resolution Completed Mine', 'It was resolved for the version on this computer'),
  track('Sync Conflict Resolution Completed Theirs', 'It was resolved for the other version'),
  track('VCS Sync Started', 'A sync began'),
  track('VCS Sync Completed', 'A sync ended'),
  track('VCS Action Executed', 'A step of version control', {
    type: word('Kind of version control', 'git', 'cloud'),
    action: word(
      'The step',
      ...['clone', 'setup', 'update', 'reset', 'commit', 'push', 'pull', 'fetch', 'merge', 'checkout_branch'],
      ...['create_branch', 'delete_branch', 'merge_branch', 'rollback', 'rollback_all'],
    ),
  }),
  track('Test Suite Created', 'A test suite was created'),
  track('Test Suite Deleted', 'A test suite was deleted'),
  track('Unit Test Created', 'A test was created'),
  track('Unit Test Deleted', 'A test was deleted'),
  track('Ran Individual Unit Test', 'One test was run'),
  track('Ran All Unit Tests', 'A test suite was run'),
  track('Button Clicked', 'A button was clicked: which one is not kept'),
];

const byName = new Map(allowList.map((each) => [`${each.type} ${each.name}`, each]));

export const listed = (type: EventType, name: string): ListedEvent | undefined => byName.get(`${type} ${name}`);

/** Words of the context, likewise. Versions are kept as far as they are numbers. */
export const contextWords = {
  app: ['Insomnia', 'Nightvault'],
  os: ['mac', 'windows', 'linux'],
  library: ['@segment/analytics-node', 'analytics-node', 'analytics.js'],
} as const;

export const otherWord = 'other';

/** The word of the list that this is, whatever its case and without the parameters of a media type. */
export function wordOf(words: readonly string[], value: string): string {
  const plain = value.split(';')[0]?.trim().toLowerCase();
  return words.find((each) => each.toLowerCase() === plain) ?? otherWord;
}

/** `10.1.1`, or `10.1.1-beta` for any pre-release; what is no version is `other`. At most three numbers of five digits. */
export function versionOf(value: string): string {
  const [, numbers, stage] = /^v?(\d{1,5}(?:\.\d{1,5}){0,2})(?!\d)(?:-(alpha|beta|rc)\b)?/.exec(value) ?? [];
  if (numbers === undefined) return otherWord;
  return stage === undefined ? numbers : `${numbers}-${stage}`;
}
