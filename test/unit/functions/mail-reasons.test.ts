import { reasonOf } from '../../../functions/email/reason.ts';
import { idIn } from '../../../shared/platform/mailer.ts';

describe('idIn', () => {
  it.each([
    ['250 2.0.0 Ok: queued as 4F2A1B', '4F2A1B'],
    ['250 OK id=1rXyz-000123-AB', '1rXyz-000123-AB'],
    ['250 Ok 010201890-abc-000000', 'Ok 010201890-abc-000000'],
    ['250 2.0.0 OK  1700000000 a1-20020a.12 - gsmtp', 'OK  1700000000 a1-20020a.12 - gsmtp'],
    [`250 ${'x'.repeat(500)}`, 'x'.repeat(200)],
  ])('finds in %s the mail server’s own id', (response, id) => {
    expect(idIn(response)).toBe(id);
  });
});

describe('reasonOf', () => {
  it.each([
    [new Error('550 5.1.1 <jane@example.com>: unknown'), '550 5.1.1 <(address)>: unknown'],
    [new Error('553 bounce+jane=example.com@relay.example refused'), '553 (address) refused'],
    [new Error('x'.repeat(900)), 'x'.repeat(500)],
    [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['a text', 'unknown'],
  ])('gives no address away (%#)', (error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });
});
