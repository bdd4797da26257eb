import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { LocalStack, tokenIn } from '../../emulator/demo/local-stack.ts';
import { registry } from '../../functions/registry.ts';
import { wrapGroupKey } from '../../shared/crypto/group-key.ts';
import { groupCreate } from '../../shared/protocol/group.ts';
import { bytesMark, type Evidence, type Mark, search, textMark } from './canary/marks.ts';
import { recordDraws, secretMarks } from './canary/secrets.ts';
import { type StackProcess, startStackProcess } from './canary/stack-process.ts';
import { createTopic, listenIn, listenTo, messages, plantDocument, publish, storedValues } from './canary/surfaces.ts';
import { type Cast, enter, playStory } from './story.ts';
import { tapWire } from './wire-tap.ts';

/** Letters and digits only, so that no writer has a reason to spell it differently. */
const random = () => `Zq${randomBytes(12).toString('hex')}`;

/** What the server may see, and every place it may stand in. An answer is kept under its `Idempotency-Key` for a day. */
const kept = /^idempotency\/\w+ body$/;
const documented: Readonly<Record<string, readonly RegExp[]>> = {
  'the address': [/^accounts\/\w+ email$/, /^outbox\/\w+ to$/, /^mail( to)?$/],
  'the first name': [/^accounts\/\w+ firstName$/, /^mail$/],
  'the last name': [/^accounts\/\w+ lastName$/, /^mail$/],
  'the group name': [/^groups\/\w+ name$/, kept],
  'the parent resource': [/^groups\/\w+ parentResourceId$/, kept],
  'the resource name': [/^groups\/\w+\/resources\/\w+ name$/, /^groups\/\w+\/resources\/\w+\/history\/\d+ name$/, kept],
  'the resource type': [/^groups\/\w+\/resources\/\w+ type$/, /^groups\/\w+\/resources\/\w+\/history\/\d+ type$/, kept],
  // The content's associated data says in the clear, in hex, which place it belongs to.
  'the resource id': [
    /^groups\/\w+\/resources\/\w+ (\(path\)|encContent)$/,
    /^groups\/\w+\/resources\/\w+\/history\/\d+ (\(path\)|encContent|resourceId)$/,
    kept,
  ],
  'the request id': [/^printed$/],
};
const visible = Object.fromEntries(Object.keys(documented).map((what) => [what, random()]));
const plainMarks = Object.entries(visible).map(([what, text]) => textMark(what, text));

const item = (number: number) => ({
  id: number === 1 ? `${visible['the resource id']}` : `req_${number}`,
  type: `${visible['the resource type']}`,
  name: `${visible['the resource name']}`,
  lastEdited: number,
  content: JSON.stringify({ url: `https://example.com/${random()}`, body: { text: random() } }),
});

const cast: Cast = {
  jane: {
    email: `jane+${visible['the address']?.toLowerCase()}@example.com`,
    passphrase: random(),
    firstName: `${visible['the first name']}`,
    lastName: `${visible['the last name']}`,
  },
  bob: { email: 'bob@example.com', passphrase: random(), firstName: 'Bob', lastName: '' },
  groupName: `${visible['the group name']}`,
  items: [1, 2, 3].map(item),
  edits: [JSON.stringify({ by: random() }), JSON.stringify({ by: random() })],
};

let server: StackProcess;
let stack: LocalStack;
let topics: string[];
beforeAll(async () => {
  server = await startStackProcess();
  stack = new LocalStack(server.url);
  topics = await listenIn(server.projectId);
});
afterAll(() => server.stop());

/** Every line of every function's log, and whatever else the process wrote. */
const printed = (): Evidence[] =>
  server
    .printed()
    .split('\n')
    .map((text) => ({ place: 'printed', text }));

/** Every text that came out of the system or stays in it. Pub/Sub is emptied by looking, so what it gave is kept. */
const published: Evidence[] = [];
async function everything(): Promise<Evidence[]> {
  published.push(...(await messages(topics)));
  const mails = (await stack.mails()).flatMap(({ to, subject, text, ...rest }) => [
    { place: 'mail to', text: to },
    { place: 'mail', text: JSON.stringify({ subject, text, rest }) },
  ]);
  return [...(await storedValues(server.projectId)), ...printed(), ...mails, ...published];
}

async function sendUsage(url: string, mark: string): Promise<void> {
  const context = { app: { name: mark, version: mark }, os: { name: mark }, ip: mark };
  const event = { type: 'track', event: 'Request Executed', messageId: mark, anonymousId: mark, context };
  const batch = [
    { ...event, properties: { mimeType: mark, note: mark } },
    { ...event, event: mark },
  ];
  const headers = { 'content-type': 'application/json', authorization: `Basic ${btoa('local-write-key:')}` };
  const body = JSON.stringify({ batch, writeKey: mark });
  const response = await fetch(`${url}/analytics-collect/v1/batch`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
}

describe('a run of the whole story', () => {
  let secrets: Mark[];
  let called: Set<string>;

  beforeAll(async () => {
    const tap = tapWire(stack.url);
    const draws = recordDraws();
    const played = await playStory(stack, cast);
    draws.stop();
    tap.stop();
    called = new Set(tap.exchanges.map(({ name }) => name).filter((name) => !name.startsWith('_local')));
    const ofA = draws.drawn.map((bytes) => bytesMark('the secret a of SRP', bytes));
    expect(ofA.length).toBeGreaterThanOrEqual(2);
    secrets = [...ofA, ...(await secretMarks(cast, played, tap.exchanges))];

    // A usage event full of what a client makes up, of a device that has not opted out.
    const usage = random();
    secrets.push(textMark('a usage event', usage));
    await sendUsage(stack.url, usage);

    const jane = await enter(stack, { ...cast.bob, email: 'jane@example.com' });
    const [group] = played.groups;
    const [key] = group?.keys.values() ?? [];
    if (key === undefined) throw new Error('The story left no group key.');
    const encSymmetricKey = await wrapGroupKey(key, jane.keys.publicKey);
    const parent = { name: 'x', parentResourceId: `${visible['the parent resource']}`, encSymmetricKey };
    await jane.connection.post('group-create', groupCreate, parent);
    await fetch(`${stack.url}/healthz`, { headers: { 'request-id': `${visible['the request id']}` } });
    // Sign-up and another one on request, for three people; a new passphrase, a code for another, and a reset, told
    // to the owner and to Jane; a new address, told to the old one; a code to delete the account, and that it is deleted.
    while ((await stack.mails()).length < 22) await new Promise((resolve) => setTimeout(resolve, 25));
  });

  it('leaves no passphrase, key or content in any document, line, mail or message', async () => {
    const evidence = await everything();
    while (!(await stack.everything()).includes('"analyticsEvents"'))
      await new Promise((resolve) => setTimeout(resolve, 25));
    const whole = { place: '/_local/store', text: await stack.everything() };
    expect(secrets.length).toBeGreaterThan(50);
    expect(search(secrets, [...evidence, whole])).toEqual([]);

    for (const name of [...called, 'email-deliver']) expect(server.printed()).toContain(`"function":"${name}"`);
    const places = (pattern: RegExp) => evidence.filter(({ place }) => pattern.test(place)).length;
    expect(places(/^groups\/\w+\/resources\//)).toBeGreaterThan(30);
    expect(places(/^mail$/)).toBe(22);
    expect(places(/\/topics\/analytics-events$/)).toBe(2);
    expect(places(/\/topics\/email-deliveries$/)).toBeGreaterThanOrEqual(12);
  });

  it('leaves the tokens of the mails in the mails only, also when their pages were opened', async () => {
    const mails = (await stack.mails()).filter(({ subject }) => subject.includes('Verify'));
    const tokens = mails.map(tokenIn);
    for (const token of tokens) expect((await fetch(`${stack.url}/account-verify?token=${token}`)).status).toBe(200);
    const found = search(
      tokens.map((token) => textMark('a token', token)),
      await everything(),
    );
    expect(tokens).toHaveLength(6);
    expect(new Set(found.map(({ place }) => place))).toEqual(new Set(['mail']));
  });

  it.each(Object.entries(documented))('shows %s, and only where the documents say', async (what, allowed) => {
    const address = textMark(what, `${visible[what]?.toLowerCase()}`);
    const marks = what === 'the address' ? [address] : plainMarks.filter((mark) => mark.what === what);
    const places = search(marks, await everything()).map(({ place }) => place);
    for (const pattern of allowed) expect(places).toContainEqual(expect.stringMatching(pattern));
    expect(places.filter((place) => !allowed.some((pattern) => pattern.test(place)))).toEqual([]);
  });
});

describe('malformed requests', () => {
  const secret = random();
  const marks = [textMark('the mark', secret)];
  let token: string;
  beforeAll(async () => {
    const tap = tapWire(stack.url);
    await enter(stack, { ...cast.bob, email: 'bob+malformed@example.com' });
    tap.stop();
    token = tap.exchanges.at(-1)?.token ?? '';
    expect(token).toHaveLength(64);
  });

  const leaking = { email: 'jane@example.com', passphrase: secret };
  const broken = JSON.stringify(leaking).slice(0, -1);
  const json = { 'content-type': 'application/json' };
  const attacks: [what: string, init: RequestInit, path?: string][] = [
    ['broken JSON', { headers: json, body: broken }],
    ['JSON of the wrong shape', { headers: json, body: JSON.stringify(leaking) }],
    ['JSON that is a text', { headers: json, body: JSON.stringify(secret) }],
    ['a body of another type', { headers: { 'content-type': 'text/plain' }, body: broken }],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `token=${secret}&%E0%A4%A` }],
    ['broken gzip', { headers: { ...json, 'content-encoding': 'gzip' }, body: broken }],
    ['cut gzip', { headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync(broken).subarray(0, 30) }],
    ['gzip of broken JSON', { headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync(broken) }],
    ['an unknown encoding', { headers: { ...json, 'content-encoding': secret }, body: broken }],
    ['an unknown type', { headers: { 'content-type': `application/${secret}` }, body: broken }],
    ['a wrong method', { method: 'PUT', headers: json, body: broken }],
    ['a wrong token', { headers: { ...json, authorization: `Bearer ${secret}`, 'x-session-id': secret }, body: '{}' }],
    ['a key', { headers: { ...json, 'idempotency-key': secret }, body: JSON.stringify(leaking) }],
    ['a broken path and query', { headers: json, body: broken }, `/%E0%A4%A/${secret}?token=${secret}&srpM1=${secret}`],
    ['too much', { headers: json, body: JSON.stringify({ passphrase: secret.repeat(200_000) }) }],
  ];

  for (const [what, init, path = ''] of attacks) {
    it(`with ${what} put nothing of themselves on record`, async () => {
      for (const { name } of registry) {
        const headers = new Headers(init.headers);
        // With a session, so that the bodies of all functions are read; one of them would end it.
        if (name !== 'session-logout' && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
        const request = { method: 'POST', ...init, headers };
        const response = await fetch(`${stack.url}/${name}${path}`, request).catch(() => undefined);
        // A server that has read enough of too large a body may hang up while it is still being sent.
        expect(response?.status ?? 413).toBeLessThan(500);
        await response?.text();
      }
      expect(search(marks, printed())).toEqual([]);
    });
  }

  it('leave nothing of themselves anywhere', async () => {
    expect(search(marks, await everything())).toEqual([]);
  });
});

describe('the detector', () => {
  const text = `${random()} é/+?`;
  const planted = [textMark('planted', text)];
  const forms = (evidence: readonly Evidence[]) => new Set(search(planted, evidence).map(({ form }) => form));

  it.each([
    ['raw', text],
    ['JSON', JSON.stringify({ a: text })],
    ['URI-encoded', encodeURIComponent(`before ${text} after`)],
    ['hex', Buffer.from(`before ${text}`).toString('hex')],
    ['HEX', Buffer.from(`before ${text}`).toString('hex').toUpperCase()],
    ['base64 at offset 0', Buffer.from(`abc${text} after`).toString('base64')],
    ['base64 at offset 1', Buffer.from(`abcd${text} after`).toString('base64')],
    ['base64 at offset 2', Buffer.from(`abcde${text} after`).toString('base64')],
    ['base64url at offset 2', Buffer.from(`ab${text}`).toString('base64url')],
  ])('finds a mark written as %s', (form, written) => {
    expect(forms([{ place: 'here', text: written }])).toContain(form);
  });

  it('finds a mark in a document, in base64 and as bytes inside an array of maps', async () => {
    const base64 = Buffer.from(JSON.stringify({ secret: text })).toString('base64');
    const bytes = { bytesValue: Buffer.from(`x${text}`).toString('base64') };
    const nested = { arrayValue: { values: [{ mapValue: { fields: { inner: bytes } } }] } };
    await plantDocument(server.projectId, 'planted/document', { text: { stringValue: base64 }, nested });
    const found = search(planted, await storedValues(server.projectId));
    expect(new Set(found.map(({ place }) => place))).toEqual(
      new Set(['planted/document text', 'planted/document nested']),
    );
  });

  it('finds a mark in a Pub/Sub message', async () => {
    const topic = await createTopic(server.projectId, 'planted');
    await listenTo(topic);
    await publish(topic, text);
    const found = forms(await messages([topic]));
    expect(found).toContain('JSON');
    expect(found).toContain('base64 at offset 0');
  });
});
