import manifest from '../../functions/manifest.json' with { type: 'json' };
import { startTestStack, type TestStack } from '../support/stack.ts';
import { block, type Plan, text } from './plan.ts';

/** The local stack as it runs, beside the deployment as it is planned: both come from one registry. */
export function describeParity(planned: () => Plan): void {
  let stack: TestStack;
  let plan: Plan;
  beforeAll(async () => {
    plan = planned();
    stack = await startTestStack();
  });
  afterAll(() => stack.stop());

  /** What the Pub/Sub emulator has. */
  async function emulated<T>(kind: 'topics' | 'subscriptions'): Promise<readonly T[]> {
    const place = `http://${process.env.PUBSUB_EMULATOR_HOST}/v1/projects/${stack.projectId}/${kind}?pageSize=1000`;
    const body = (await (await fetch(place)).json()) as Readonly<Record<string, readonly T[]>>;
    return body[kind] ?? [];
  }
  const last = (path: string) => path.split('/').at(-1) ?? '';

  it('have the same topics', async () => {
    const local = await emulated<{ name: string }>('topics');
    const planned = plan.of('google_pubsub_topic').map(({ values }) => text(values, 'name'));
    expect(local.map(({ name }) => last(name)).sort()).toEqual(planned.sort());
  });

  it('have the same subscriptions: topic, deadline, attempts, and where dead letters go', async () => {
    const local = await emulated<{
      name: string;
      topic: string;
      ackDeadlineSeconds: number;
      deadLetterPolicy?: { deadLetterTopic: string; maxDeliveryAttempts: number };
    }>('subscriptions');
    const rows = local.map(({ name, topic, ackDeadlineSeconds, deadLetterPolicy: dead }) => ({
      name: last(name),
      topic: last(topic),
      ...(dead === undefined
        ? {}
        : { deadline: ackDeadlineSeconds, dead: last(dead.deadLetterTopic), attempts: dead.maxDeliveryAttempts }),
    }));
    const planned = plan
      .of('google_pubsub_subscription')
      // BigQuery has no part in the local stack.
      .filter(({ values }) => Object.keys(block(values, 'bigquery_config')).length === 0)
      .map(({ values }) => {
        const dead = block(values, 'dead_letter_policy');
        const policy = {
          deadline: values.ack_deadline_seconds,
          dead: last(text(dead, 'dead_letter_topic')),
          attempts: dead.max_delivery_attempts,
        };
        const name = text(values, 'name');
        return { name, topic: last(text(values, 'topic')), ...(policy.dead === '' ? {} : policy) };
      });
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(rows.sort(byName)).toEqual(planned.sort(byName));
  });

  it('have the same functions, with the same secrets, memory, timeouts and concurrency', () => {
    const planned = plan.of('google_cloudfunctions2_function').map(({ values }) => {
      const service = block(values, 'service_config');
      const account = text(service, 'service_account_email');
      const secrets = plan
        .of('google_secret_manager_secret_iam_member')
        .filter((each) => text(each.values, 'member') === `serviceAccount:${account}`)
        .map((each) => last(text(each.values, 'secret_id')));
      return {
        name: text(values, 'name'),
        memoryMiB: Number.parseInt(text(service, 'available_memory'), 10),
        timeoutSeconds: service.timeout_seconds,
        concurrency: service.max_instance_request_concurrency,
        secrets: secrets.sort(),
      };
    });
    const registered = Object.entries(manifest.functions).map(
      ([name, { memoryMiB, timeoutSeconds, concurrency, secrets }]) => ({
        name,
        memoryMiB,
        timeoutSeconds,
        concurrency,
        secrets: [...secrets].sort(),
      }),
    );
    expect(planned.map(({ name }) => name).sort()).toEqual(
      [...new Set(stack.functions.map(({ name }) => name.split('/')[0]))].sort(),
    );
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(planned.sort(byName)).toEqual(registered.sort(byName));
  });

  it('have the same secrets', () => {
    const planned = plan.of('google_secret_manager_secret').map(({ values }) => text(values, 'secret_id'));
    expect(planned.sort()).toEqual([...manifest.secrets].sort());
  });
}
