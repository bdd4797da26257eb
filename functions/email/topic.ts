/** Says that an outbox message waits. The message itself stays in the outbox: `{"messageId": …}` is all that travels. */
export const emailDeliveries = 'email-deliveries';
