import { everyDocument } from '../../../emulator/firestore-rest.ts';
import type { Evidence } from './marks.ts';

/** What is asked of an emulator, over plain HTTP. */
async function ask(host: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`http://${host}/v1/${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: 'Bearer owner' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

const host = (variable: 'FIRESTORE_EMULATOR_HOST' | 'PUBSUB_EMULATOR_HOST'): string => {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set.`);
  return value;
};

/** Every value of every Firestore document, as stored; the place is the document's path and the field's name. */
export async function storedValues(projectId: string): Promise<Evidence[]> {
  const documents = await everyDocument({ host: host('FIRESTORE_EMULATOR_HOST'), projectId });
  return documents.flatMap(({ name, fields = {} }) => {
    const path = name.split('/').slice(5).join('/');
    const values = Object.entries(fields).flatMap(([field, value]) => leaves(`${path} ${field}`, value));
    return [{ place: `${path} (path)`, text: path }, ...values];
  });
}

/** A REST value is `{kind: content}`, and content may hold further values. Bytes are looked at as bytes, too. */
function leaves(place: string, value: unknown): Evidence[] {
  if (typeof value !== 'object' || value === null) return [{ place, text: String(value) }];
  return Object.entries(value).flatMap(([key, content]) => [
    { place, text: key },
    ...(key === 'bytesValue' ? [{ place, text: Buffer.from(String(content), 'base64').toString('latin1') }] : []),
    ...leaves(place, content),
  ]);
}

/** Writes a document of any fields, past the system. */
export async function plantDocument(projectId: string, path: string, fields: object): Promise<void> {
  const name = `projects/${projectId}/databases/(default)/documents/${path}`;
  await ask(host('FIRESTORE_EMULATOR_HOST'), 'PATCH', name, { fields });
}

const copy = (topic: string) => topic.replace('/topics/', '/subscriptions/canary-');

/** Attaches to every topic there is; hands back their names. From now on every message is kept. */
export async function listenIn(projectId: string): Promise<string[]> {
  const pubsub = host('PUBSUB_EMULATOR_HOST');
  const listed = (await ask(pubsub, 'GET', `projects/${projectId}/topics`)) as { topics?: { name: string }[] };
  const topics = (listed.topics ?? []).map(({ name }) => name);
  for (const topic of topics) await listenTo(topic);
  return topics;
}

/** From now on every message to this topic is kept. */
export async function listenTo(topic: string): Promise<void> {
  await ask(host('PUBSUB_EMULATOR_HOST'), 'PUT', copy(topic), { topic });
}

export async function createTopic(projectId: string, name: string): Promise<string> {
  const topic = `projects/${projectId}/topics/${name}`;
  await ask(host('PUBSUB_EMULATOR_HOST'), 'PUT', topic, {});
  return topic;
}

export async function publish(topic: string, text: string): Promise<void> {
  const messages = [{ data: Buffer.from(text).toString('base64'), attributes: { note: text } }];
  await ask(host('PUBSUB_EMULATOR_HOST'), 'POST', `${topic}:publish`, { messages });
}

interface Pulled {
  readonly receivedMessages?: { readonly ackId: string; readonly message: { readonly data?: string } }[];
}

/** Every message since {@link listenIn}: its data in the clear, and the message as Pub/Sub has it. */
export async function messages(topics: readonly string[]): Promise<Evidence[]> {
  const found: Evidence[] = [];
  for (const topic of topics) {
    const pubsub = host('PUBSUB_EMULATOR_HOST');
    for (;;) {
      const options = { maxMessages: 1000, returnImmediately: true };
      const { receivedMessages = [] } = (await ask(pubsub, 'POST', `${copy(topic)}:pull`, options)) as Pulled;
      if (receivedMessages.length === 0) break;
      for (const { message } of receivedMessages) {
        found.push({ place: topic, text: Buffer.from(message.data ?? '', 'base64').toString('latin1') });
        found.push({ place: topic, text: JSON.stringify(message) });
      }
      const ackIds = receivedMessages.map(({ ackId }) => ackId);
      await ask(pubsub, 'POST', `${copy(topic)}:acknowledge`, { ackIds });
    }
  }
  return found;
}
