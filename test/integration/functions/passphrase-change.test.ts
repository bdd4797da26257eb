import { randomBytes } from 'node:crypto';
import { accounts } from '../../../shared/store/accounts.ts';
import { codeIn } from '../../support/mail.ts';
import { attemptLogin, beginLogin, type Member, makePerson, newMember, type Person } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;
beforeAll(async () => {
  stack = await startTestStack();
});
beforeEach(async () => {
  jane = await newMember(stack);
});
afterAll(() => stack.stop());

const sealedAgain = () => JSON.stringify({ iv: '02', t: '02', d: randomBytes(16).toString('hex'), ad: '' });

/** New secrets for the same address, as a client derives them from a new passphrase. */
async function anew(): Promise<{ person: Pick<Person, 'email' | 'authSecret'>; secrets: object }> {
  const { authSecret, signUpBody } = await makePerson('jane', undefined, jane.email);
  const { saltKey, saltAuth, saltEnc, verifier, profile } = signUpBody;
  const baseEncSymmetricKey = jane.signUpBody.encSymmetricKey;
  const keys = { encSymmetricKey: sealedAgain(), baseEncSymmetricKey };
  return {
    person: { email: jane.email, authSecret },
    secrets: { saltKey, saltAuth, saltEnc, verifier, profile, ...keys },
  };
}

const srpProof = async (person: Pick<Person, 'email' | 'authSecret'> = jane) => (await beginLogin(stack, person)).body;
const change = (body: object, headers: Readonly<Record<string, string>> = {}, { token }: Member = jane) =>
  stack.call('passphrase-change', { token, headers, body });
const stored = async () => (await stack.platform.database.get(accounts.doc(jane.accountId)))[0]?.data;
const failed = {
  status: 403,
  body: { code: 'PROOF_FAILED', detail: 'The passphrase or the code is wrong, used or too old.' },
};

async function mailedCode(): Promise<string> {
  await stack.call('passphrase-code-send', { token: jane.token, body: {} });
  const mail = await stack.mailbox.waitFor(jane.email, 2);
  return codeIn(mail);
}

describe('passphrase-change', () => {
  it('takes the new passphrase and no longer the old, logs the others out, and tells the owner', async () => {
    const other = (await attemptLogin(stack, jane)).token ?? '';
    const { person, secrets } = await anew();
    const changed = await change({ ...secrets, proof: await srpProof() });
    expect(changed).toMatchObject({ status: 200, body: { changed: true, sessionsRevoked: 1 } });
    expect((await stack.call('session-whoami', { token: other })).status).toBe(401);
    expect((await stack.call('session-whoami', { token: jane.token })).status).toBe(200);
    expect((await attemptLogin(stack, jane)).finished).toMatchObject({ status: 401, body: { code: 'LOGIN_FAILED' } });
    const { token } = await attemptLogin(stack, person);
    const { body } = await stack.call('session-whoami', { token });
    const { publicKey, encPrivateKey } = jane.signUpBody;
    expect(body).toMatchObject({ accountId: jane.accountId, publicKey, encPrivateKey });
    expect(body).not.toMatchObject({ encSymmetricKey: jane.signUpBody.encSymmetricKey });
    const mail = await stack.mailbox.waitFor(jane.email, 2);
    expect(mail.text).toContain('The passphrase of your account was changed');
    const audit = await stack.call('audit-list', { token: jane.token });
    expect(audit.body).toMatchObject({ events: [{ event: 'passphrase-changed' }] });
  });

  it('believes a mailed code once, and only of the account it was mailed to', async () => {
    const code = await mailedCode();
    const bob = await newMember(stack, 'bob');
    const { person, secrets } = await anew();
    await expect(change({ ...secrets, proof: { code } }, {}, bob)).resolves.toMatchObject(failed);
    expect((await change({ ...secrets, proof: { code } })).status).toBe(200);
    expect((await attemptLogin(stack, person)).finished.status).toBe(200);
    await expect(change({ ...secrets, proof: { code } })).resolves.toMatchObject(failed);
  });

  it('takes no other kind of mailed token for a code, nor a code for another', async () => {
    const { secrets } = await anew();
    const code = await mailedCode();
    await expect(stack.call('account-verify', { body: { token: code } })).resolves.toMatchObject({
      status: 410,
      body: { code: 'TOKEN_EXPIRED' },
    });
    const fresh = await makePerson('bob');
    await stack.call('account-create', { body: fresh.signUpBody });
    const mail = await stack.mailbox.waitFor(fresh.email);
    const verification = /token=([A-Za-z0-9_-]{43})/.exec(mail.text)?.[1];
    await expect(change({ ...secrets, proof: { code: verification } })).resolves.toMatchObject(failed);
  });

  it('refuses a wrong passphrase, a used handshake, and the proof of another account; nothing is changed', async () => {
    const { secrets } = await anew();
    const before = await stored();
    const wrong = await srpProof({ email: jane.email, authSecret: '0'.repeat(64) });
    await expect(change({ ...secrets, proof: wrong })).resolves.toMatchObject(failed);
    const used = await srpProof();
    await stack.call('login-finish', { body: used });
    await expect(change({ ...secrets, proof: used })).resolves.toMatchObject(failed);
    await expect(change({ ...secrets, proof: await srpProof(await newMember(stack, 'bob')) })).resolves.toMatchObject(
      failed,
    );
    expect(await stored()).toEqual(before);
  });

  it('lets one of two devices win, and tells the other to look again', async () => {
    const proofs = [await srpProof(), await srpProof()];
    const both = [await anew(), await anew()];
    const answers = await Promise.all(both.map(({ secrets }, n) => change({ ...secrets, proof: proofs[n] })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'KEYS_CHANGED',
      detail: 'The account key is not encrypted as the caller says it is.',
    });
    const winner = both[answers.findIndex(({ status }) => status === 200)];
    if (winner === undefined) throw new Error('Nobody won.');
    expect((await attemptLogin(stack, winner.person)).finished.status).toBe(200);
  });

  it('gives a retry its first answer', async () => {
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const body = { ...(await anew()).secrets, proof: await srpProof() };
    const first = await change(body, headers);
    const again = await change(body, headers);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it.each([
    ['/verifier', { verifier: `${'0'.repeat(511)}1` }],
    ['/verifier', { verifier: 'ab' }],
    ['/saltKey', { saltKey: 'x' }],
    ['/encSymmetricKey', { encSymmetricKey: 'none' }],
    ['/proof', { proof: {} }],
    ['/profile', { profile: 'none' }],
  ])('names %s when it is wrong', async (path, wrong) => {
    const answer = await change({ ...(await anew()).secrets, proof: { code: 'a'.repeat(43) }, ...wrong });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path }] } });
  });
});

describe('passphrase-code-send', () => {
  it('is limited for an account', async () => {
    const answers = [];
    for (let n = 0; n < 6; n += 1) {
      answers.push((await stack.call('passphrase-code-send', { token: jane.token, body: {} })).status);
    }
    expect(answers).toEqual([202, 202, 202, 202, 202, 429]);
  });
});
