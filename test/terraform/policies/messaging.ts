import { block, blocks, type Planned, text } from '../plan.ts';
import { deployed, differences, type Planning, type Policy } from './policy.ts';

const isDead = ({ values }: Planned) => text(values, 'topic').endsWith('-dead');
const subscriptions = ({ plan }: Planning) => plan.of('google_pubsub_subscription');
const agent = 'serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com';

export const topicsOfRegistry: Policy = {
  name: 'topics-of-registry',
  broken: (planning) => {
    const names = planning.plan.of('google_pubsub_topic').map(({ values }) => text(values, 'name'));
    const subscribed = new Set(subscriptions(planning).map(({ values }) => text(values, 'topic').split('/').at(-1)));
    const live = names.filter((name) => !name.endsWith('-dead'));
    return [
      ...differences('the topic', live, planning.manifest.topics),
      ...names.filter((name) => !subscribed.has(name)).map((name) => `nobody gets what is sent to the topic ${name}`),
    ];
  },
};

export const deadLetters: Policy = {
  name: 'dead-letters',
  broken: (planning) => {
    const { plan } = planning;
    const given = (type: string, role: string, of: string) =>
      plan
        .of(type)
        .filter(({ values }) => text(values, 'role') === role && text(values, 'member') === agent)
        .map(({ values }) => text(values, of));
    const publishes = given('google_pubsub_topic_iam_member', 'roles/pubsub.publisher', 'topic');
    const lets = given('google_pubsub_subscription_iam_member', 'roles/pubsub.subscriber', 'subscription');
    const collected = subscriptions(planning)
      .filter(isDead)
      .map(({ values }) => text(values, 'topic'));
    return subscriptions(planning).flatMap((each) => {
      if (isDead(each)) return [];
      const { address, values } = each;
      const dead = text(block(values, 'dead_letter_policy'), 'dead_letter_topic');
      if (dead === '') return [`${address} has no dead-letter topic`];
      return [
        ...(publishes.includes(dead) ? [] : [`${address}: Pub/Sub may not publish to ${dead}`]),
        ...(lets.includes(text(values, 'id')) ? [] : [`${address}: Pub/Sub may not let go of what it dead-lettered`]),
        ...(collected.includes(dead) ? [] : [`${address}: nothing keeps what is sent to ${dead}`]),
      ];
    });
  },
};

export const noExpiry: Policy = {
  name: 'no-expiry',
  broken: (planning) =>
    subscriptions(planning).flatMap(({ address, values }) => {
      const [policy] = blocks(values, 'expiration_policy');
      return policy?.ttl === '' ? [] : [`${address} would be deleted when it has been idle for 31 days`];
    }),
};

export const pushes: Policy = {
  name: 'pushes',
  broken: (planning) => {
    const receivers = Object.entries(deployed(planning)).filter(([, { trigger }]) => trigger === 'topic');
    const byName = new Map(subscriptions(planning).map((each) => [text(each.values, 'name'), each]));
    return receivers.flatMap(([name, entry]) => {
      const found = byName.get(`${name}-push`);
      if (found === undefined) return [`${name} gets no messages: there is no subscription ${name}-push`];
      const { address, values } = found;
      const push = block(values, 'push_config');
      const token = block(push, 'oidc_token');
      const retry = block(values, 'retry_policy');
      const dead = block(values, 'dead_letter_policy');
      const deadline = Math.min(600, entry.timeoutSeconds);
      return [
        ...wrong(address, 'topic', text(values, 'topic').split('/').at(-1), entry.topic),
        ...wrong(address, 'endpoint', push.push_endpoint, `https://${name}-offline-uc.a.run.app`),
        ...wrong(address, 'audience', token.audience, push.push_endpoint),
        ...wrong(address, 'account', text(token, 'service_account_email').split('@')[0], 'pubsub-push'),
        ...wrong(address, 'ack deadline', values.ack_deadline_seconds, deadline),
        ...wrong(address, 'delivery attempts', dead.max_delivery_attempts, entry.maxDeliveryAttempts),
        ...wrong(address, 'retries', `${retry.minimum_backoff} to ${retry.maximum_backoff}`, '10s to 600s'),
        ...wrong(address, 'retention', values.message_retention_duration, '604800s'),
      ];
    });
  },
};

export const schedules: Policy = {
  name: 'schedules',
  broken: (planning) => {
    const scheduled = Object.entries(deployed(planning)).filter(([, { trigger }]) => trigger === 'schedule');
    const jobs = new Map(
      planning.plan.of('google_cloud_scheduler_job').map((each) => [text(each.values, 'name'), each]),
    );
    const problems = scheduled.flatMap(([name, entry]) => {
      const job = jobs.get(name);
      if (job === undefined) return [];
      const target = block(job.values, 'http_target');
      const token = block(target, 'oidc_token');
      const deadline = Number.parseInt(text(job.values, 'attempt_deadline'), 10);
      return [
        ...wrong(job.address, 'schedule', job.values.schedule, entry.schedule),
        ...wrong(job.address, 'time zone', job.values.time_zone, 'Etc/UTC'),
        ...wrong(job.address, 'endpoint', target.uri, `https://${name}-offline-uc.a.run.app`),
        ...wrong(job.address, 'audience', token.audience, target.uri),
        ...wrong(job.address, 'account', text(token, 'service_account_email').split('@')[0], 'scheduler'),
        ...(deadline >= entry.timeoutSeconds ? [] : [`${job.address} gives up before the function does`]),
      ];
    });
    const names = scheduled.map(([name]) => name);
    return [...problems, ...differences('the schedule of', [...jobs.keys()], names)];
  },
};

const wrong = (address: string, what: string, planned: unknown, wanted: unknown): string[] =>
  planned === wanted ? [] : [`${address}: its ${what} is ${planned}, not ${wanted}`];
