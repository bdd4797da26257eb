import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamTable } from '../../../functions/generate/iam.ts';
import { block, type Planned, text } from '../plan.ts';
import { repository } from '../repository.ts';
import { deployed, differences, type Planning, type Policy } from './policy.ts';

const everybody = ['allUsers', 'allAuthenticatedUsers'];

/** Every grant of the plan, whatever it is on. */
const grants = ({ plan }: Planning) => plan.resources.filter(({ type }) => /_iam_(member|binding|policy)$/.test(type));

/** What may be granted on the whole project: nothing but these, for Google knows no finer place for them. */
const onProject = new Set([
  'roles/bigquery.jobUser',
  'roles/datastore.viewer',
  'roles/datastore.user',
  'roles/logging.logWriter',
]);

export const noBroadRoles: Policy = {
  name: 'no-broad-roles',
  broken: (planning) =>
    grants(planning).flatMap(({ address, type, values }) => {
      const role = text(values, 'role');
      if (!type.endsWith('_iam_member')) return [`${address} takes away what others were granted: use _iam_member`];
      if (/^roles\/(owner|editor|viewer)$|[aA]dmin$|\.owner$/.test(role)) return [`${address} grants ${role}`];
      if (type === 'google_project_iam_member' && !onProject.has(role)) {
        return [`${address} grants ${role} on the whole project`];
      }
      return [];
    }),
};

export const publicByRegistry: Policy = {
  name: 'public-by-registry',
  broken: (planning) => {
    const open = grants(planning).filter(({ values }) => everybody.includes(text(values, 'member')));
    const elsewhere = open.filter(({ type }) => type !== 'google_cloud_run_v2_service_iam_member');
    const wanted = planning.scenario.variables.public === false ? [] : namesOf(planning, (entry) => entry.public);
    return [
      ...elsewhere.map(({ address }) => `${address} is open to everybody`),
      ...differences(
        'the public function',
        open.filter((each) => !elsewhere.includes(each)).map(({ values }) => text(values, 'name')),
        wanted,
        "the registry's public list",
      ),
    ];
  },
};

const namesOf = (planning: Planning, which: (entry: { public: boolean }) => boolean) =>
  Object.entries(deployed(planning)).flatMap(([name, entry]) => (which(entry) ? [name] : []));

export const oneAccountEach: Policy = {
  name: 'one-account-each',
  broken: ({ plan }) => {
    const functions = plan.of('google_cloudfunctions2_function');
    const accounts = functions.map(({ values }) => text(block(values, 'service_config'), 'service_account_email'));
    const others = plan
      .of('google_service_account')
      .filter(({ name }) => name !== 'function')
      .map(({ values }) => text(values, 'email'));
    return functions.flatMap(({ address }, index) => {
      const account = accounts[index] ?? '';
      if (account === '') return [`${address} runs as the default account`];
      if (accounts.indexOf(account) !== index)
        return [`${address} shares its account ${account} with another function`];
      return others.includes(account) ? [`${address} runs as ${account}, which does other work`] : [];
    });
  },
};

export const accountNames: Policy = {
  name: 'account-names',
  broken: ({ plan }) =>
    plan.of('google_service_account').flatMap(({ address, values }) => {
      const id = text(values, 'account_id');
      return /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(id) ? [] : [`${address}: Google takes no account id ${id}`];
    }),
};

/** The plan's grants as the documented table has them, a line a function. */
export const iamAsDocumented: Policy = {
  name: 'iam-as-documented',
  broken: (planning) => {
    const { plan, scenario, manifest } = planning;
    // A registry that differs from the repository's has the table that would be generated from it.
    const page =
      'functions/manifest.json' in scenario.files
        ? iamTable(manifest)
        : readFileSync(join(repository, 'docs/iam.md'), 'utf8');
    const wanted = rowsIn(page, scenario.variables.public !== false).filter(({ name }) => name in deployed(planning));
    const planned = plan.of('google_cloudfunctions2_function').map((each) => rowOf(each, planning));
    return differences(
      'the row',
      planned.map(({ row }) => row),
      wanted.map(({ row }) => row),
      'docs/iam.md',
    );
  },
};

function rowsIn(page: string, isOpen: boolean) {
  return [...page.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, name = '', rest = '']) => {
    const [caller = '', store = '', topics = '', secrets = ''] = rest.replaceAll('`', '').split(' | ');
    const by = caller === 'everybody' && !isOpen ? 'operators' : caller;
    return { name, row: [name, by, store, topics, secrets].map((cell) => cell.trim()).join(' | ') };
  });
}

function rowOf({ values }: Planned, planning: Planning) {
  const name = text(values, 'name');
  const member = `serviceAccount:${text(block(values, 'service_config'), 'service_account_email')}`;
  const mine = grants(planning).filter((each) => text(each.values, 'member') === member);
  const roles = (type: string) => mine.filter((each) => each.type === type);
  const last = (path: string) => path.split('/').at(-1) ?? '';
  const store = roles('google_project_iam_member').map((each) =>
    block(each.values, 'condition').expression === databaseCondition(planning)
      ? text(each.values, 'role').replace('roles/', '')
      : `${text(each.values, 'role')} on every database`,
  );
  const on = (type: string, role: string, of: string) =>
    roles(type).map((each) => {
      const granted = text(each.values, 'role');
      return granted === role ? last(text(each.values, of)) : `${last(text(each.values, of))} with ${granted}`;
    });
  const kinds = [
    'google_project_iam_member',
    'google_pubsub_topic_iam_member',
    'google_secret_manager_secret_iam_member',
  ];
  const others = mine.filter((each) => !kinds.includes(each.type)).map(({ address }) => address);
  const row = [
    name,
    callersOf(name, planning).join(', '),
    [...store, ...others].join(', '),
    on('google_pubsub_topic_iam_member', 'roles/pubsub.publisher', 'topic').join(', '),
    on('google_secret_manager_secret_iam_member', 'roles/secretmanager.secretAccessor', 'secret_id').join(', '),
  ];
  return { name, row: row.join(' | ') };
}

const databaseCondition = ({ plan }: Planning) => {
  const name = plan.of('google_firestore_database').map(({ values }) => text(values, 'name'));
  return `resource.name == "projects/offline-project/databases/${name.join()}"`;
};

function callersOf(name: string, { plan, scenario }: Planning): string[] {
  const spoken: Readonly<Record<string, string>> = {
    allUsers: 'everybody',
    [String(scenario.variables.operators)]: 'operators',
    'serviceAccount:pubsub-push@offline-project.iam.gserviceaccount.com': 'Pub/Sub',
    'serviceAccount:scheduler@offline-project.iam.gserviceaccount.com': 'Cloud Scheduler',
  };
  return plan
    .of('google_cloud_run_v2_service_iam_member')
    .filter(({ values }) => text(values, 'name') === name && text(values, 'role') === 'roles/run.invoker')
    .map(({ values }) => spoken[text(values, 'member')] ?? text(values, 'member'));
}
