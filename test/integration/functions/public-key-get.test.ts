import { randomBytes } from 'node:crypto';
import { type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;

beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

describe('public-key-get', () => {
  it('gives the key and its fingerprint', async () => {
    const answer = await stack.call('public-key-get', { token: jane.token, body: { email: bob.email.toUpperCase() } });
    expect(answer).toMatchObject({
      status: 200,
      body: { accountId: bob.accountId, publicKey: bob.signUpBody.publicKey },
    });
    expect((answer.body as { fingerprint: string }).fingerprint).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
  });

  it('knows no unverified or missing account', async () => {
    const email = `nobody+${randomBytes(6).toString('hex')}@example.com`;
    const answer = await stack.call('public-key-get', { token: jane.token, body: { email } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'ACCOUNT_NOT_FOUND', email } });
  });
});
