import type { AnyFunction, TopicFunction } from '../shared/platform/definition.ts';

/** Pub/Sub allows no longer one. */
const longestAckDeadline = 600;

interface Place {
  /** `host:port` of the Pub/Sub emulator. */
  readonly host: string;
  readonly projectId: string;
}

/**
 * Creates in Pub/Sub what the registry asks for: every topic; for every function on a topic a push subscription
 * `NAME-push`, and for its topic a dead-letter topic `TOPIC-dead` with a pull subscription `TOPIC-dead-pull`. What
 * exists already stays, pushing to the new address. Plain HTTP, since Google's client takes a third of a second to load.
 * @param baseUrl - what stands before a function's name
 */
export async function provision(registry: readonly AnyFunction[], place: Place, baseUrl: string): Promise<void> {
  const receivers = registry.filter((entry) => entry.trigger === 'topic');
  const topics = new Set([
    ...registry.flatMap(({ publishes }) => publishes),
    ...receivers.flatMap(({ topic }) => [topic, deadTopic(topic)]),
  ]);
  await Promise.all([...topics].map((topic) => put(place, `topics/${topic}`, {})));
  const dead = new Set(receivers.map(({ topic }) => deadTopic(topic)));
  await Promise.all([
    ...[...dead].map((topic) => put(place, `subscriptions/${topic}-pull`, { topic: full(place, `topics/${topic}`) })),
    ...receivers.map((receiver) => subscribe(receiver, place, baseUrl)),
  ]);
}

/** Ends the pushes: the port they go to may soon be another program's. */
export async function unsubscribe(registry: readonly AnyFunction[], place: Place): Promise<void> {
  const receivers = registry.filter((entry) => entry.trigger === 'topic');
  await Promise.all(receivers.map(({ name }) => call(place, 'DELETE', `subscriptions/${name}-push`)));
}

const deadTopic = (topic: string) => `${topic}-dead`;

async function subscribe(
  { name, topic, maxDeliveryAttempts, resources }: TopicFunction,
  place: Place,
  baseUrl: string,
) {
  const pushConfig = { pushEndpoint: `${baseUrl}/${name}` };
  const created = await put(place, `subscriptions/${name}-push`, {
    topic: full(place, `topics/${topic}`),
    pushConfig,
    ackDeadlineSeconds: Math.min(longestAckDeadline, resources.timeoutSeconds),
    deadLetterPolicy: { deadLetterTopic: full(place, `topics/${deadTopic(topic)}`), maxDeliveryAttempts },
  });
  if (!created) await expectOk(place, 'POST', `subscriptions/${name}-push:modifyPushConfig`, { pushConfig });
}

const full = ({ projectId }: Place, path: string) => `projects/${projectId}/${path}`;

/** False when it was there before. */
async function put(place: Place, path: string, body: object): Promise<boolean> {
  const response = await call(place, 'PUT', path, body);
  if (response.status === 409) return false;
  await check(response, 'PUT', path);
  return true;
}

async function expectOk(place: Place, method: string, path: string, body: object): Promise<void> {
  await check(await call(place, method, path, body), method, path);
}

async function check(response: Response, method: string, path: string): Promise<void> {
  if (!response.ok)
    throw new Error(
      `The Pub/Sub emulator answered ${method} ${path} with ${response.status}: ${await response.text()}`,
    );
}

function call(place: Place, method: string, path: string, body?: object): Promise<Response> {
  return fetch(`http://${place.host}/v1/${full(place, path)}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
}
