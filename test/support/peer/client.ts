import { randomBytes } from 'node:crypto';
import { LocalStack, tokenIn } from '../../../emulator/demo/local-stack.ts';
import type { PeerCrypto } from './crypto.ts';

/** A client made of the peer's crypto and plain calls; the words are those of the protocol. */
export class PeerClient {
  readonly #url: string;
  readonly #peer: PeerCrypto;
  readonly #email: string;
  readonly #passphrase: string;
  #token: string | undefined;
  #symmetricKey: object = {};
  #privateKey: object = {};

  constructor(url: string, peer: PeerCrypto, email: string, typed: string) {
    this.#url = url;
    this.#peer = peer;
    this.#email = email;
    this.#passphrase = typed.trim().normalize('NFKD');
  }

  async signUp(): Promise<void> {
    const salts = ['saltKey', 'saltAuth', 'saltEnc'].map((name) => [name, randomBytes(32).toString('hex')]);
    const { saltKey, saltAuth, saltEnc } = Object.fromEntries(salts);
    const [identity, password] = await this.#secrets(saltKey);
    const verifier = this.#peer.srp.verifier(Buffer.from(saltAuth, 'hex'), identity, password).toString('hex');
    const pair = await this.#peer.newPair();
    const key = await this.#peer.newKey();
    const encSecret = await this.#peer.deriveKey(this.#passphrase, this.#email, saltEnc);
    const names = { email: this.#email, firstName: 'Bob', lastName: '' };
    await this.#call('account-create', {
      ...{ ...names, saltKey, saltAuth, saltEnc, verifier },
      publicKey: JSON.stringify(pair.publicKey),
      encPrivateKey: this.#peer.encrypt(key, JSON.stringify(pair.privateKey)),
      encSymmetricKey: this.#peer.encrypt(encSecret, JSON.stringify(key)),
    });
    const mail = await new LocalStack(this.#url).waitForMail(this.#email, /Verify/);
    await this.#call('account-verify', { token: tokenIn(mail) });
  }

  async logIn(): Promise<void> {
    const email = this.#email;
    const salts = await this.#call('login-salts', { email });
    const [identity, password] = await this.#secrets(salts.saltKey);
    const secret = Buffer.concat([Uint8Array.of(0x80), randomBytes(31)]);
    const client = this.#peer.srp.client(Buffer.from(salts.saltAuth, 'hex'), identity, password, secret);
    const srpA = Buffer.from(client.computeA()).toString('hex');
    const { sessionStarterId, srpB } = await this.#call('login-start', { email, srpA });
    client.setB(Buffer.from(srpB, 'hex'));
    const srpM1 = Buffer.from(client.computeM1()).toString('hex');
    const { srpM2 } = await this.#call('login-finish', { sessionStarterId, srpM1 });
    client.checkM2(Buffer.from(srpM2, 'hex'));
    this.#token = Buffer.from(client.computeK()).toString('hex');
    const account = await this.#call('session-whoami');
    const encSecret = await this.#peer.deriveKey(this.#passphrase, email, account.saltEnc);
    this.#symmetricKey = JSON.parse(this.#peer.decrypt(encSecret, account.encSymmetricKey));
    this.#privateKey = JSON.parse(this.#peer.decrypt(this.#symmetricKey, account.encPrivateKey));
  }

  async symmetricKey(): Promise<object> {
    return this.#symmetricKey;
  }

  async createGroup(): Promise<string> {
    const { publicKey } = await this.#call('session-whoami');
    const encSymmetricKey = this.#peer.wrap(JSON.parse(publicKey), await this.#peer.newKey());
    return (await this.#call('group-create', { name: 'Web shop', encSymmetricKey })).id;
  }

  async write(groupId: string, id: string, content: string): Promise<string> {
    const ad = JSON.stringify(['nightvault.resource.1', groupId, id, 1]);
    const encContent = this.#peer.encrypt(await this.#groupKey(groupId), content, ad);
    const change = { id, type: 'Request', name: id, baseVersion: null, lastEdited: 1, encContent };
    return (await this.#call('changes-push', { groupId, keyEpoch: 1, changes: [change] })).results[0].status;
  }

  async read(groupId: string): Promise<Record<string, string>> {
    const key = await this.#groupKey(groupId);
    const { changes } = await this.#call('changes-pull', { groupId });
    return Object.fromEntries(
      changes.map((each: { id: string; encContent: string }) => [each.id, this.#peer.decrypt(key, each.encContent)]),
    );
  }

  async #groupKey(groupId: string): Promise<object> {
    const { groups } = await this.#call('group-list');
    const { encSymmetricKey } = groups.find(({ id }: { id: string }) => id === groupId);
    return this.#peer.unwrap(this.#privateKey, encSymmetricKey);
  }

  async #secrets(saltKey: string): Promise<[identity: Buffer, password: Buffer]> {
    const secret = await this.#peer.deriveKey(this.#passphrase, this.#email, saltKey);
    return [Buffer.from(this.#email), Buffer.from(secret, 'hex')];
  }

  async #call(name: string, body?: object) {
    const headers = {
      'content-type': 'application/json',
      ...(this.#token === undefined ? {} : { 'x-session-id': this.#token }),
    };
    const call = body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${this.#url}/${name}`, call);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${name}: ${text}`);
    return JSON.parse(text);
  }
}
