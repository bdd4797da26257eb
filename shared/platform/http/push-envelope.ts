import * as z from 'zod';

/** The body of a Pub/Sub push: https://cloud.google.com/pubsub/docs/push#properties_of_a_push_request */
const envelope = z.object({
  subscription: z.string(),
  deliveryAttempt: z.int().optional(),
  message: z.object({
    messageId: z.string(),
    publishTime: z.string().optional(),
    orderingKey: z.string().optional(),
    attributes: z.record(z.string(), z.string()).default({}),
    data: z.string().default(''),
  }),
});

export interface PushedMessage {
  readonly messageId: string;
  readonly subscription: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The data, parsed as JSON; `undefined` when it is not JSON. */
  readonly value: unknown;
}

/** `undefined` when the body is no push. */
export function readPush(body: object): PushedMessage | undefined {
  const result = envelope.safeParse(body);
  if (!result.success) return undefined;
  const { subscription, message } = result.data;
  const { messageId, attributes, data } = message;
  return { messageId, subscription, attributes, value: parse(Buffer.from(data, 'base64').toString('utf8')) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
