import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { block, blocks, text } from '../plan.ts';
import { repository } from '../repository.ts';
import { differences, has, type Policy } from './policy.ts';

const region = 'us-central1';
const placed = /^(location|location_id|region|allowed_persistence_regions)$/;

/** Every place that is named anywhere in a resource. What Google has only once for the whole world names none. */
function placesIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return placed.test(name) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((each) => placesIn(each, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => placesIn(each, key));
}

export const oneRegion: Policy = {
  name: 'one-region',
  broken: ({ plan }) =>
    plan.resources.flatMap(({ address, type, values }) => {
      const places = placesIn(values);
      const nowhere =
        (type === 'google_pubsub_topic' && places.length === 0) ||
        (type === 'google_secret_manager_secret' && places.length === 0);
      return [
        ...places.filter((place) => place !== region).map((place) => `${address} is in ${place}, not in ${region}`),
        ...(nowhere ? [`${address} may be kept anywhere in the world`] : []),
      ];
    }),
};

export const secretsEmpty: Policy = {
  name: 'secrets-empty',
  broken: ({ plan, manifest }) => [
    ...plan.of('google_secret_manager_secret_version').map(({ address }) => `${address} puts a secret into the state`),
    ...plan
      .of('google_service_account_key')
      .map(({ address }) => `${address} puts the key of an account into the state`),
    ...differences(
      'the secret',
      plan.of('google_secret_manager_secret').map(({ values }) => text(values, 'secret_id')),
      manifest.secrets,
    ),
    ...plan
      .of('google_secret_manager_secret')
      .filter(({ values }) => text(values, 'version_destroy_ttl') === '')
      .map(({ address }) => `${address}: a version that is destroyed by mistake is gone at once`),
  ],
};

export const bucketsClosed: Policy = {
  name: 'buckets-closed',
  broken: ({ plan }) =>
    plan
      .of('google_storage_bucket')
      .flatMap(({ address, values }) => [
        ...(values.uniform_bucket_level_access === true ? [] : [`${address} has access lists a file`]),
        ...(values.public_access_prevention === 'enforced' ? [] : [`${address} could be made public`]),
        ...(block(values, 'versioning').enabled === true ? [] : [`${address} keeps no older versions: no rollback`]),
      ]),
};

export const servicesStay: Policy = {
  name: 'services-stay',
  broken: ({ plan }) =>
    plan
      .of('google_project_service')
      .filter(({ values }) => values.disable_on_destroy !== false)
      .map(({ address }) => `${address} would be switched off by destroy, under everything else that uses it`),
};

export const logsForOperators: Policy = {
  name: 'logs-for-operators',
  broken: ({ plan, scenario }) => {
    const [bucket] = plan.of('google_logging_project_bucket_config');
    const readers = plan.of('google_logging_log_view_iam_member').map(({ values }) => text(values, 'member'));
    const filters = [...plan.of('google_logging_project_sink'), ...plan.of('google_logging_project_exclusion')].map(
      ({ values }) => values.filter,
    );
    const audited = plan
      .of('google_project_iam_audit_config')
      .filter(({ values }) => values.service === 'secretmanager.googleapis.com')
      .flatMap(({ values }) => blocks(values, 'audit_log_config').map(({ log_type }) => log_type));
    return [
      ...(Number(bucket?.values.retention_days) >= 1 ? [] : ['the logs have no bucket with a retention']),
      ...(plan.of('google_logging_log_view').length === 1 ? [] : ['there is no view of the logs']),
      ...differences(
        'the reader of the logs',
        readers,
        [String(scenario.variables.operators)],
        'the variable operators',
      ),
      ...(filters.length === 2 && filters[0] === filters[1]
        ? []
        : ['the logs are kept in _Default as well, for others to read']),
      ...(audited.includes('DATA_READ') ? [] : ['nobody learns who reads a secret']),
    ];
  },
};

/** What somebody must be told of. */
const alerts = [
  ['5xx', /response_code_class = "5xx"/],
  ['latency', /request_latencies/],
  ['dead letters', /num_undelivered_messages.*-dead-pull/s],
  ['oldest unacked', /oldest_unacked_message_age/],
  ['login failures', /response_code = "401"/],
  ['secret access by a person', /AccessSecretVersion.*NOT .*gserviceaccount/s],
  ['backup missing', /absent_over_time\(firestore_googleapis_com:storage_backups_storage_bytes/],
  ['backup removed', /DeleteBackupSchedule/],
  ['a mail given up', /a mail has been given up/],
] as const;
const longestDocumentation = 8192;

export const runbooks: Policy = {
  name: 'runbooks',
  broken: ({ plan, folder, scenario }) => {
    const policies = plan.of('google_monitoring_alert_policy');
    const conditions = policies.map(({ values }) =>
      blocks(values, 'conditions')
        .flatMap((condition) => [
          block(condition, 'condition_threshold').filter,
          block(condition, 'condition_matched_log').filter,
          block(condition, 'condition_prometheus_query_language').query,
        ])
        .join('\n'),
    );
    const watched =
      has(scenario, 'public') || scenario.variables.public === undefined
        ? [['not reachable', /check_passed/] as const]
        : [];
    return [
      ...policies.flatMap(({ address, values }) => {
        const content = text(block(values, 'documentation'), 'content');
        const runbook = /^Runbook: terraform\/(runbooks\/[a-z-]+\.md)\n/.exec(content)?.[1];
        const channels = values.notification_channels;
        return [
          ...(runbook !== undefined && existsSync(join(folder, runbook))
            ? []
            : [`${address} names no runbook that exists`]),
          ...(content.length <= longestDocumentation ? [] : [`${address}: its runbook is longer than Google takes`]),
          ...(Array.isArray(channels) && channels.length > 0 ? [] : [`${address} tells nobody`]),
        ];
      }),
      ...[...alerts, ...watched]
        .filter(([, pattern]) => !conditions.some((each) => pattern.test(each)))
        .map(([what]) => `there is no alert on ${what}`),
    ];
  },
};

export const edge: Policy = {
  name: 'edge',
  broken: ({ plan, scenario }) => {
    const parts = plan.resources.filter(({ type }) => type.startsWith('google_compute_'));
    if (!has(scenario, 'edge')) return parts.map(({ address }) => `${address} costs money, though there is no edge`);
    const schemes = [...plan.of('google_compute_backend_service'), ...plan.of('google_compute_global_forwarding_rule')];
    const rules = plan.of('google_compute_security_policy').flatMap(({ values }) => blocks(values, 'rule'));
    const guarded = plan
      .of('google_compute_backend_service')
      .every(({ values }) => text(values, 'security_policy') !== '');
    return [
      ...schemes
        .filter(({ values }) => values.load_balancing_scheme !== 'EXTERNAL_MANAGED')
        .map(({ address }) => `${address} is not of the scheme EXTERNAL_MANAGED`),
      ...(guarded ? [] : ['the functions are not behind Cloud Armor']),
      ...(rules.some(({ action, priority }) => action === 'throttle' && Number(priority) < 2_147_483_647)
        ? []
        : ['Cloud Armor limits nothing']),
      ...(rules.some(({ priority }) => priority === 2_147_483_647) ? [] : ['Cloud Armor has no rule for all others']),
      ...(plan.of('google_compute_managed_ssl_certificate').length === 1 ? [] : ['there is no certificate']),
      ...(plan
        .of('google_compute_url_map')
        .some(({ values }) => block(values, 'default_url_redirect').https_redirect === true)
        ? []
        : ['HTTP is not redirected to HTTPS']),
    ];
  },
};

/** Where each kind of resource has its key. */
const keyPlaces: Readonly<Record<string, (values: Readonly<Record<string, unknown>>) => unknown>> = {
  google_artifact_registry_repository: ({ kms_key_name }) => kms_key_name,
  google_bigquery_dataset: (values) => block(values, 'default_encryption_configuration').kms_key_name,
  google_cloudfunctions2_function: ({ kms_key_name }) => kms_key_name,
  google_firestore_database: (values) => block(values, 'cmek_config').kms_key_name,
  google_logging_project_bucket_config: (values) => block(values, 'cmek_settings').kms_key_name,
  google_pubsub_topic: ({ kms_key_name }) => kms_key_name,
  google_secret_manager_secret: (values) =>
    block(block(block(block(values, 'replication'), 'user_managed'), 'replicas'), 'customer_managed_encryption')
      .kms_key_name,
  google_storage_bucket: (values) => block(values, 'encryption').default_kms_key_name,
};

export const ownKey: Policy = {
  name: 'own-key',
  broken: ({ plan, scenario }) =>
    plan.resources.flatMap(({ address, type, values }) => {
      const key = keyPlaces[type]?.(values);
      if (!(type in keyPlaces) || Boolean(key) === has(scenario, 'cmek')) return [];
      return [
        has(scenario, 'cmek')
          ? `${address} is not encrypted under the key`
          : `${address} names a key, though there is none`,
      ];
    }),
};

export const analytics: Policy = {
  name: 'analytics',
  broken: ({ plan }) => {
    const [subscription] = plan
      .of('google_pubsub_subscription')
      .filter(({ values }) => blocks(values, 'bigquery_config').length > 0);
    const [table] = plan.of('google_bigquery_table');
    if (subscription === undefined || table === undefined) return ['usage events reach no table'];
    const config = block(subscription.values, 'bigquery_config');
    const names = (fields: unknown) => (fields as { name: string }[]).map(({ name }) => name);
    const columns = names(JSON.parse(text(table.values, 'schema')));
    const own = names(JSON.parse(readFileSync(join(repository, 'functions/analytics/bigquery-table.json'), 'utf8')));
    const metadata = ['subscription_name', 'message_id', 'publish_time', 'attributes'];
    const partition = block(table.values, 'time_partitioning');
    const name = `offline-project.${text(table.values, 'dataset_id')}.${text(table.values, 'table_id')}`;
    const [erasure] = plan.of('google_bigquery_data_transfer_config');
    const { query = '' } = (erasure?.values.params ?? {}) as { readonly query?: string };
    const eraser = text(erasure?.values ?? {}, 'service_account_name');
    const given = (type: string, email: string) =>
      plan
        .of(type)
        .filter(({ values }) => text(values, 'member') === `serviceAccount:${email}`)
        .map(({ values }) => text(values, 'role'));
    const edits = (email: string) =>
      given('google_bigquery_table_iam_member', email).includes('roles/bigquery.dataEditor');
    const wanted: readonly (readonly [boolean, string])[] = [
      [new Set(columns).size === columns.length, 'the table has a column twice'],
      [Number(partition.expiration_ms) > 0, 'events are kept for ever'],
      [text(config, 'table') === name, 'Pub/Sub writes to another table'],
      [edits(text(config, 'service_account_email')), 'Pub/Sub may not write to the table'],
      [
        config.write_metadata === true && config.use_table_schema === true,
        'events are not written by the table’s columns',
      ],
      [query.includes(`DELETE FROM \`${name}\``), 'what is to be forgotten stays in BigQuery'],
      [
        edits(eraser) && given('google_project_iam_member', eraser).includes('roles/bigquery.jobUser'),
        'the query that forgets may not delete',
      ],
    ];
    return [
      ...differences('the column', columns, [...own, ...metadata], 'functions/analytics/bigquery-table.json'),
      ...wanted.filter(([holds]) => !holds).map(([, what]) => what),
    ];
  },
};
