import { strengthOf } from '../../../../client/pages/passphrase-strength.ts';

describe('the strength of a passphrase', () => {
  it.each([
    [''],
    ['password'],
    ['Password123'],
    ['qwertyuiop'],
    ['1234567890'],
    ['aaaaaaaaaaaaaaaaaaaa'],
    ['monkey monkey monkey monkey monkey'],
    ['correct horse battery'],
  ])('is weak for %j', (passphrase) => {
    expect(strengthOf(passphrase).level).toBe('weak');
  });

  it.each([['correct horse battery staple'], ['tR0ub4dor&3x'], ['9g2k7w1q5z']])('is fair for %j', (passphrase) => {
    expect(strengthOf(passphrase).level).toBe('fair');
  });

  it.each([['rule myth radio diet stock bridge'], ['xV9#qL2$mT7!wK4%zP'], ['die müden möwen über dem pier']])(
    'is strong for %j',
    (passphrase) => {
      expect(strengthOf(passphrase).level).toBe('strong');
    },
  );

  it('counts nothing for what is known of the person', () => {
    const personal = ['jane.miller@example.com', 'Jane', 'Miller'];
    expect(strengthOf('Miller Jane example', personal).level).toBe('weak');
    expect(strengthOf('Miller Jane example', personal).bits).toBeLessThan(strengthOf('Miller Jane example').bits);
  });

  it('is that of the normalised text, for that is what keys are made of', () => {
    expect(strengthOf('  rule myth radio  ')).toEqual(strengthOf('rule myth radio'));
    expect(strengthOf('m\u00fcde')).toEqual(strengthOf('mu\u0308de'));
  });
});
