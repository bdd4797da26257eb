import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DescribedFunction, Manifest } from '../../functions/generate/manifest.ts';
import { repository } from './repository.ts';

export interface Scenario {
  readonly name: 'as it comes' | 'everything' | 'single';
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
function grown(manifest: Manifest): Manifest {
  const common = {
    public: false,
    memoryMiB: 512,
    concurrency: 1,
    maxInstances: 2,
    timeoutSeconds: 60,
    summary: 'Added',
  };
  const rights = { publishes: [], secrets: [], store: 'writes' } as const;
  const added: Record<string, DescribedFunction> = {
    'added-later-with-a-name-that-is-too-long-for-an-account': {
      ...common,
      ...rights,
      trigger: 'http',
      methods: ['POST'],
      public: true,
      secrets: ['smtp-url'],
      publishes: ['added-topic'],
    },
    'added-receiver': {
      ...common,
      ...rights,
      trigger: 'topic',
      topic: 'added-topic',
      maxDeliveryAttempts: 7,
      timeoutSeconds: 900,
    },
    'added-sweep': { ...common, ...rights, trigger: 'schedule', schedule: '5 4 * * *', store: 'reads' },
  };
  return {
    ...manifest,
    functions: { ...manifest.functions, ...added },
    topics: [...manifest.topics, 'added-topic'].sort(),
  };
}

export function scenarios(): readonly Scenario[] {
  const manifest = JSON.parse(readFileSync(join(repository, 'functions/manifest.json'), 'utf8')) as Manifest;
  return [
    { name: 'as it comes', variables: required, files: {} },
    {
      // And a registry that has grown.
      name: 'everything',
      variables: {
        ...required,
        cmek: true,
        edge: { domain: 'vault.example.com' },
        budget: { billing_account: '000000-000000-000000', amount: 100 },
        min_instances: { 'login-start': 1 },
      },
      files: { 'functions/manifest.json': JSON.stringify(grown(manifest)) },
    },
    {
      name: 'single',
      variables: { ...required, deployment: 'single', public: false },
      files: {},
    },
  ];
}

/** The manifest that a scenario is planned with. */
export function manifestOf({ files }: Scenario): Manifest {
  const text = files['functions/manifest.json'] ?? readFileSync(join(repository, 'functions/manifest.json'), 'utf8');
  return JSON.parse(text) as Manifest;
}
