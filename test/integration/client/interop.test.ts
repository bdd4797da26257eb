import { type Account, type NewAccount, Nightvault } from '../../../client/index.ts';
import { type PeerName, type RemotePeer, startPeer } from '../../support/peer/remote.ts';
import { collect, enter } from '../../support/sdk.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

/** As typed on one keyboard, and on another: composed and not, a ligature, a Roman numeral, an emoji, space around it. */
const passphrase = '  Pässwörd ﬁ Ⅷ \u00e5 🦊 ';
const typedElsewhere = 'Pa\u0308sswo\u0308rd fi VIII a\u030a 🦊';
const content = JSON.stringify({ url: 'https://example.com/ü?q=☃', body: 'a b&c%20 🦊' });

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const draft = (id: string) => ({ id, type: 'Request', name: id, content, baseVersion: null, lastEdited: 1 });
const read = async (account: Account, groupId: string) =>
  Object.fromEntries(
    (await collect((await account.groups.open(groupId)).changes.pull())).map(({ id, content: text }) => [id, text]),
  );

describe.each<[PeerName]>([['@getinsomnia/srp-js'], ['srp-js and node-forge']])('%s and the SDK', (name) => {
  const address = (who: string) => `${who}+${name.length}@example.com`;
  const peers: RemotePeer[] = [];
  const peer = (email: string, typed: string): RemotePeer => {
    const started = startPeer({ name, url: stack.url, email, typed });
    peers.push(started);
    return started;
  };
  afterEach(() => Promise.all(peers.splice(0).map((each) => each.stop())));

  it('an account of the peer is the SDK’s as well, with its group, and each reads what the other writes', async () => {
    const theirs = peer(address('bob'), passphrase);
    await theirs.signUp();
    await theirs.logIn();
    const groupId = await theirs.createGroup();
    expect(await theirs.write(groupId, 'from_peer', content)).toBe('created');

    const account = await Nightvault.connect(stack.url).logIn({ email: address('bob'), passphrase: typedElsewhere });
    expect(JSON.parse(account.save().keys.symmetricKey)).toEqual(await theirs.symmetricKey());
    const group = await account.groups.open(groupId);
    expect(await group.changes.push([draft('from_sdk')])).toMatchObject([{ status: 'created' }]);
    expect(await read(account, groupId)).toEqual({ from_peer: content, from_sdk: content });
    expect(await theirs.read(groupId)).toEqual({ from_peer: content, from_sdk: content });
  });

  it('an account of the SDK is the peer’s as well, with its group, and each reads what the other writes', async () => {
    const person: NewAccount = { email: address('Jane'), passphrase: typedElsewhere, firstName: 'Jane', lastName: '' };
    const account = await enter(stack, { ...person, email: person.email.toLowerCase() });
    const group = await account.groups.create('Web shop');
    await group.changes.push([draft('from_sdk')]);

    const theirs = peer(person.email.toLowerCase(), passphrase);
    await theirs.logIn();
    expect(await theirs.write(group.id, 'from_peer', content)).toBe('created');
    expect(await theirs.read(group.id)).toEqual({ from_sdk: content, from_peer: content });
    expect(await read(account, group.id)).toEqual({ from_sdk: content, from_peer: content });
  });

  it('share a group: the SDK wraps for the peer’s key', async () => {
    const janes = await Nightvault.connect(stack.url).logIn({ email: address('jane'), passphrase });
    const group = await janes.groups.create('Shared');
    await group.changes.push([draft('shared')]);
    await group.share(address('bob'), 'editor');
    const theirs = peer(address('bob'), typedElsewhere);
    await theirs.logIn();
    expect(await theirs.read(group.id)).toEqual({ shared: content });
    expect(await theirs.write(group.id, 'answer', content)).toBe('created');
    expect(await read(janes, group.id)).toEqual({ shared: content, answer: content });
  });
});
