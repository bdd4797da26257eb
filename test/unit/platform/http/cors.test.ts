import { corsHeaders } from '../../../../shared/platform/http/cors.ts';

describe('corsHeaders', () => {
  it('allows a listed origin and names it', () => {
    expect(corsHeaders('https://app.example.com', ['https://app.example.com'])).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      vary: 'Origin',
    });
  });

  it('gives any other origin nothing', () => {
    expect(corsHeaders('https://evil.example.com', ['https://app.example.com'])).toEqual({ vary: 'Origin' });
    expect(corsHeaders('https://app.example.com', [])).toEqual({ vary: 'Origin' });
    expect(corsHeaders(undefined, ['*'])).toEqual({ vary: 'Origin' });
  });

  it('allows every origin for *', () => {
    expect(corsHeaders('null', ['*'])).toMatchObject({ 'access-control-allow-origin': 'null' });
  });
});
