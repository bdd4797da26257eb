import { readPush } from '../../../../shared/platform/http/push-envelope.ts';

const message = {
  messageId: '7',
  publishTime: '2026-01-01T00:00:00Z',
  data: Buffer.from('{"a":1}').toString('base64'),
};

describe('readPush', () => {
  it('reads data, attributes and names', () => {
    const push = {
      subscription: 'projects/p/subscriptions/s',
      message: { ...message, attributes: { kind: 'x' } },
      deliveryAttempt: 2,
    };
    expect(readPush(push)).toEqual({
      messageId: '7',
      subscription: 'projects/p/subscriptions/s',
      attributes: { kind: 'x' },
      value: { a: 1 },
    });
  });

  it('keeps a message that has attributes only', () => {
    const push = { subscription: 's', message: { messageId: '7', attributes: { kind: 'x' }, data: '' } };
    expect(readPush(push)).toMatchObject({ attributes: { kind: 'x' }, value: undefined });
  });

  it('tells data that is not JSON from a body that is no push', () => {
    const push = { subscription: 's', message: { ...message, data: Buffer.from('hello').toString('base64') } };
    expect(readPush(push)).toMatchObject({ messageId: '7', value: undefined });
    expect(readPush({})).toBeUndefined();
    expect(readPush({ message })).toBeUndefined();
  });
});
