import type { PubSub } from '@google-cloud/pubsub';

export interface Publisher {
  /** Resolves once Pub/Sub has accepted the message (JSON); it will be delivered at least once. */
  publish(topic: string, message: object): Promise<void>;
}

/** Pub/Sub through Google's own client, loaded at the first use (it takes a third of a second). */
export function pubSubPublisher(projectId: string): Publisher & { close(): Promise<void> } {
  let client: Promise<PubSub> | undefined;
  return {
    publish: async (topic, message) => {
      client ??= import('@google-cloud/pubsub').then(({ PubSub }) => new PubSub({ projectId }));
      // One message at a time: a function that waits for the acceptance gains nothing from batching.
      const publisher = (await client).topic(topic, { batching: { maxMessages: 1 } });
      await publisher.publishMessage({ json: message });
    },
    close: async () => {
      if (client !== undefined) await (await client).close();
    },
  };
}
