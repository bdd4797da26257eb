import { readFileSync } from 'node:fs';
import type { NightvaultError } from '../../../client/index.ts';
import * as sdk from '../../../client/index.ts';
import { type ProblemCode, problems } from '../../../shared/protocol/problems.ts';

/** Does not compile when the union has a meaning that is not here. */
function whatToDo(error: NightvaultError): string {
  switch (error.code) {
    case 'UNREACHABLE':
      return 'again later';
    case 'ANSWER_UNREADABLE':
    case 'PROBLEM_UNKNOWN':
      return 'another program, or a newer one';
    case 'SAVED_STATE_UNUSABLE':
      return 'log in';
    case 'PUSH_TOO_LARGE':
    case 'BLOB_TOO_LARGE':
      return 'less at once';
    case 'SOURCE_CHANGED':
    case 'TEXT_NOT_WELL_FORMED':
      return 'look at what was given';
    case 'GROUP_KEY_MISSING':
    case 'GROUP_NOT_OPEN':
      return 'ask a member';
    case 'FINGERPRINT_REFUSED':
    case 'PUBLIC_KEY_CHANGED':
    case 'PERSON_UNVERIFIED':
      return 'ask the person';
    case 'PROFILE_REFUSED':
    case 'GROUP_ROLLED_BACK':
    case 'KEY_EPOCH_WENT_BACK':
    case 'GROUP_KEY_CHANGED':
    case 'GROUP_KEY_REUSED':
    case 'GROUP_REFUSED':
    case 'RESOURCE_REFUSED':
    case 'VERSION_CHANGED':
    case 'ANSWER_CONTRADICTORY':
    case 'LIMITS_REFUSED':
    case 'HEX_INVALID':
    case 'MESSAGE_MALFORMED':
    case 'MESSAGE_MISPLACED':
    case 'MESSAGE_TAMPERED':
    case 'BLOB_TAMPERED':
    case 'KEY_MALFORMED':
    case 'KEY_UNWRAP_FAILED':
    case 'KEY_PAIR_MISMATCHED':
    case 'KDF_BELOW_FLOOR':
    case 'SRP_PUBLIC_VALUE_OUT_OF_RANGE':
    case 'SRP_SCRAMBLER_ZERO':
    case 'SRP_SERVER_PROOF_WRONG':
      return 'do not trust the server';
    default: {
      const served: ProblemCode = error.code;
      return problems[served].help;
    }
  }
}

const withCode = Object.entries(sdk).flatMap(([name, value]) =>
  typeof value === 'function' && 'code' in value ? [[name, String(value.code)] as const] : [],
);

describe('the errors of the SDK', () => {
  it('have each a code of their own, none of them the server’s', () => {
    const codes = withCode.map(([, code]) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => code in problems)).toEqual([]);
    expect(withCode.length).toBeGreaterThan(30);
  });

  it.each(withCode)('%s (%s) is in the README, and has an answer', (name, code) => {
    const readme = readFileSync(new URL('../../../client/README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`\`${name}\``);
    expect(readme).toContain(`\`${code}\``);
  });

  it('lead to an answer: the server’s own for the codes of the server', () => {
    const problem = { type: '', title: '', status: 409, detail: 'why', code: 'KEYS_CHANGED', requestId: '' };
    expect(whatToDo(new sdk.CallFailed('KEYS_CHANGED', problem))).toBe(problems.KEYS_CHANGED.help);
    expect(whatToDo(new sdk.SourceChanged())).toBe('look at what was given');
    expect(whatToDo(new sdk.ServerProofWrong())).toBe('do not trust the server');
  });

  it('have a name, a message without secrets, and are errors', () => {
    const error = new sdk.PublicKeyChanged('bob@example.com', 'aaaa', 'bbbb');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'PublicKeyChanged', code: 'PUBLIC_KEY_CHANGED' });
    expect(error.message).toContain('The key of bob@example.com was aaaa and is now bbbb.');
  });
});
