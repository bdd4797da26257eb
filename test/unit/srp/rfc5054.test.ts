import { SRPParameters } from 'tssrp6a';
import type { SrpGroup } from '../../../shared/crypto/srp/groups.ts';
import { opensslEngine } from '../../../shared/crypto/srp/openssl/engine.ts';
import { NodeSrpRoutines } from '../../../shared/crypto/srp/routines.ts';
import { ServerChallenge, ServerSession } from '../../../shared/crypto/srp/server.ts';
import { webEngine } from '../../../shared/crypto/srp/web-engine.ts';
import { sha1, withHash, withSecret } from './engines.ts';

const integer = (text: string) => BigInt(`0x${text.replaceAll(/\s/g, '')}`);

/** RFC 5054, Appendix B: 1024 bits, SHA-1. */
const given = {
  I: 'alice',
  P: Buffer.from('password123').toString('hex'),
  s: integer('BEB25379 D1A8581E B5A72767 3A2441EE'),
  a: integer('60975527 035CF2AD 1989806F 0407210B C81EDC04 E2762A56 AFD529DD DA2D4393'),
  b: integer('E487CB59 D31AC550 471E81F0 0F6928E0 1DDA08E9 74A004F4 9E61F5D1 05284D20'),
};
const expected = {
  k: integer('7556AA04 5AEF2CDD 07ABAF0F 665C3E81 8913186F'),
  x: integer('94B7555A ABE9127C C58CCF49 93DB6CF8 4D16C124'),
  v: integer(`
    7E273DE8 696FFC4F 4E337D05 B4B375BE B0DDE156 9E8FA00A 9886D812 9BADA1F1 822223CA 1A605B53 0E379BA4 729FDC59
    F105B478 7E5186F5 C671085A 1447B52A 48CF1970 B4FB6F84 00BBF4CE BFBB1681 52E08AB5 EA53D15C 1AFF87B2 B9DA6E04
    E058AD51 CC72BFC9 033B564E 26480D78 E955A5E2 9E7AB245 DB2BE315 E2099AFB`),
  A: integer(`
    61D5E490 F6F1B795 47B0704C 436F523D D0E560F0 C64115BB 72557EC4 4352E890 3211C046 92272D8B 2D1A5358 A2CF1B6E
    0BFCF99F 921530EC 8E393561 79EAE45E 42BA92AE ACED8251 71E1E8B9 AF6D9C03 E1327F44 BE087EF0 6530E69F 66615261
    EEF54073 CA11CF58 58F0EDFD FE15EFEA B349EF5D 76988A36 72FAC47B 0769447B`),
  B: integer(`
    BD0C6151 2C692C0C B6D041FA 01BB152D 4916A1E7 7AF46AE1 05393011 BAF38964 DC46A067 0DD125B9 5A981652 236F99D9
    B681CBF8 7837EC99 6C6DA044 53728610 D0C6DDB5 8B318885 D7D82C7F 8DEB75CE 7BD4FBAA 37089E6F 9C6059F3 88838E7A
    00030B33 1EB76840 910440B1 B27AAEAE EB4012B7 D7665238 A8E3FB00 4B117B58`),
  u: integer('CE38B959 3487DA98 554ED47D 70A7AE5F 462EF019'),
  S: integer(`
    B0DC82BA BCF30674 AE450C02 87745E79 90A3381F 63B387AA F271A10D 233861E3 59B48220 F7C4693C 9AE12B0A 6F67809F
    0876E2D0 13800D6C 41BB59B6 D5979B5C 00A172B4 A2A5903A 0BDCAF8A 709585EB 2AFAFA8F 3499B200 210DCC1F 10EB3394
    3CD67FC8 8A2F39A4 BE5BEC4E C0A3212D C346D7E4 74B29EDE 8A469FFE CA686E5A`),
};

describe.each([
  ['WebCrypto and BigInt', webEngine],
  ['OpenSSL', opensslEngine],
])('the test values of RFC 5054, Appendix B, on %s', (_, engine) => {
  const prime = SRPParameters.PrimeGroup[1024]?.N ?? 0n;
  const group: SrpGroup = { N: prime, g: 2n, bytes: 128, serverSecretBytes: 32 };
  const routines = new NodeSrpRoutines(group, withHash(engine, sha1), 16);

  it('gives k', async () => {
    expect(await routines.computeK()).toBe(expected.k);
  });

  it('gives x and the verifier', async () => {
    const x = await routines.computeX(given.I, given.s, given.P);
    expect(x).toBe(expected.x);
    expect(await routines.computeXStep2(given.s, await routines.computeIdentityHash(given.I, given.P))).toBe(x);
    expect(routines.computeVerifier(x)).toBe(expected.v);
  });

  it('gives A', () => {
    expect(routines.computeClientPublicValue(given.a)).toBe(expected.A);
  });

  it('gives B', async () => {
    const secret = Buffer.from(given.b.toString(16), 'hex');
    const fixed = new NodeSrpRoutines(group, withHash(withSecret(engine, secret, 32), sha1), 16);
    const { B } = await new ServerSession(fixed).step1(given.I, given.s, expected.v);
    expect(B).toBe(expected.B);
  });

  it('gives u', async () => {
    expect(await routines.computeU(expected.A, expected.B)).toBe(expected.u);
  });

  it('gives S to the client', () => {
    const { k, x, u, B, S } = expected;
    expect(routines.computeClientSessionKey(k, x, u, given.a, B)).toBe(S);
  });

  it('gives S to the server', async () => {
    const challenge = new ServerChallenge(routines, expected.v, given.b, expected.B);
    expect(await challenge.sessionKey(expected.A)).toBe(expected.S);
  });
});
