import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './workspace.ts';

type Manifest = typeof import('../../functions/manifest.json');

export interface Scenario {
  readonly name: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Files, from the root of the repository, that are others than the repository's. */
  readonly files: Readonly<Record<string, string>>;
}

const required = {
  project_id: 'offline-project',
  environment: 'prod',
  operators: 'group:operators@example.com',
  settings: { mail_from: 'Nightvault <nightvault@example.com>' },
  alerts: { emails: { 'on call': 'on-call@example.com' } },
};

/** The registry as it may be one day: what is added to it is deployed without a change to the HCL. */
export function grown(manifest: Manifest): object {
  const common = { public: false, memoryMiB: 512, concurrency: 1, maxInstances: 2, publishes: [], store: 'writes' };
  const added = {
    'added-later-with-a-name-that-is-too-long-for-an-account': {
      ...{ trigger: 'http', methods: ['POST'], summary: 'Added', ...common },
      ...{ public: true, timeoutSeconds: 60, secrets: ['smtp-url'], publishes: ['added-topic', 'analytics-events'] },
    },
    'added-receiver': {
      ...{ trigger: 'topic', topic: 'added-topic', maxDeliveryAttempts: 7, summary: 'Added', ...common },
      ...{ timeoutSeconds: 900, secrets: [] },
    },
    'added-ingest': {
      ...{ trigger: 'topic', topic: 'analytics-events', maxDeliveryAttempts: 5, summary: 'Added', ...common },
      ...{ timeoutSeconds: 60, secrets: [] },
    },
    'added-sweep': {
      ...{ trigger: 'schedule', schedule: '5 4 * * *', summary: 'Added', ...common },
      ...{ timeoutSeconds: 300, secrets: [], store: 'reads' },
    },
  };
  return {
    ...manifest,
    functions: { ...manifest.functions, ...added },
    topics: [...new Set([...manifest.topics, 'added-topic', 'analytics-events'])].sort(),
  };
}

export function scenarios(): readonly Scenario[] {
  const manifest = JSON.parse(readFileSync(join(repository, 'functions/manifest.json'), 'utf8')) as Manifest;
  const schema = JSON.stringify([
    { name: 'event', type: 'STRING', mode: 'REQUIRED' },
    { name: 'publish_time', type: 'TIMESTAMP' },
  ]);
  return [
    { name: 'as it comes', variables: required, files: {} },
    {
      name: 'everything, and a registry that has grown',
      variables: {
        ...required,
        cmek: true,
        edge: { domain: 'vault.example.com' },
        budget: { billing_account: '000000-000000-000000', amount: 100 },
        min_instances: { 'login-start': 1 },
      },
      files: {
        'functions/manifest.json': JSON.stringify(grown(manifest)),
        'functions/analytics/bigquery-table.json': schema,
      },
    },
    { name: 'a single function, not public yet', variables: { ...required, deployment: 'single', public: false }, files: {} },
  ];
}

/** The manifest that a scenario is planned with. */
export function manifestOf({ files }: Scenario): Manifest {
  const text = files['functions/manifest.json'] ?? readFileSync(join(repository, 'functions/manifest.json'), 'utf8');
  return JSON.parse(text) as Manifest;
}
