import type { PubSub } from '@google-cloud/pubsub';

export interface Publisher {
  /** Resolves once Pub/Sub has accepted the message (JSON); it will be delivered at least once. */
  publish(topic: string, message: object): Promise<void>;
  /**
   * The same for many at once, in as few requests as Pub/Sub takes.
   * @throws PublishFailed when one of them was not accepted; others may have been
   */
  publishAll(topic: string, messages: readonly object[]): Promise<void>;
}

export class PublishFailed extends Error {
  static readonly code = 'PUBLISH_FAILED';
  readonly code = PublishFailed.code;

  constructor(topic: string, cause: unknown) {
    super(`Pub/Sub has not accepted a message to the topic ${topic}.`, { cause });
    this.name = 'PublishFailed';
  }
}

/** Pub/Sub takes up to 1,000 messages and 10 MB in one request. */
const inOneRequest = { maxMessages: 500, maxBytes: 4 * 1024 * 1024 };

/** Pub/Sub through Google's own client, loaded at the first use (it takes a third of a second). */
export function pubSubPublisher(projectId: string): Publisher & { close(): Promise<void> } {
  let client: Promise<PubSub> | undefined;
  const open = () => {
    client ??= import('@google-cloud/pubsub').then(({ PubSub }) => new PubSub({ projectId }));
    return client;
  };
  return {
    publish: async (topic, message) => {
      // One message at a time: a function that waits for the acceptance gains nothing from batching.
      const publisher = (await open()).topic(topic, { batching: { maxMessages: 1 } });
      await publisher.publishMessage({ json: message });
    },
    publishAll: async (topic, messages) => {
      const publisher = (await open()).topic(topic, { batching: inOneRequest });
      const accepted = messages.map((json) => publisher.publishMessage({ json }));
      // What is full goes by itself; the rest need not wait for more to come.
      void publisher.flush().catch(() => undefined);
      const failed = (await Promise.allSettled(accepted)).find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw new PublishFailed(topic, failed.reason);
    },
    close: async () => {
      if (client !== undefined) await (await client).close();
    },
  };
}
