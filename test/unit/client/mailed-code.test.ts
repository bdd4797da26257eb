import { mailedCode } from '../../../client/command/mailed-code.ts';

const code = `${'a'.repeat(42)}_`;

describe('a code of a mail', () => {
  it.each<[string, string, string | undefined]>([
    ['bare', code, undefined],
    ['with blanks around it', ` ${code}\n`, undefined],
    ['in a query', `https://vault.example.com/account-verify?token=${code}`, 'https://vault.example.com'],
    ['behind a #', `http://127.0.0.1:8080/invite-accept#${code}`, 'http://127.0.0.1:8080'],
    ['of a server below a path', `https://example.com/a/b/passphrase-reset-finish#${code}`, 'https://example.com/a/b'],
  ])('%s is known, and the server with it', (_how, given, server) => {
    expect(mailedCode(given)).toEqual(server === undefined ? { code } : { code, server });
  });
});
