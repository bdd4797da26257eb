import { plan } from '../../../../client/folder/plan/plan.ts';
import type { LocalFile, PlanInput, RemoteFile, RemoteRow } from '../../../../client/folder/plan/types.ts';

const hash = (content: string) => content.padEnd(64, '0');
const local = (path: string, content: string): LocalFile => ({
  ...{ path, sha256: hash(content), size: content.length },
  edited: Date.UTC(2026, 0, 31),
});
const base = (id: string, path: string, content: string, version = 'v1'): RemoteFile => ({
  ...local(path, content),
  id,
  version,
});
const row = (id: string, path: string, content: string, version = 'v2'): RemoteRow => ({
  state: 'file',
  ...base(id, path, content, version),
});
const removed = (id: string): RemoteRow => ({ state: 'removed', id, version: 'v2' });

/** The plan as short lines: what is done here, what is sent, what is said. */
function decide(input: Partial<PlanInput>) {
  const decided = plan({
    ...{ base: [], local: [], remote: [], intents: [], obstacles: new Map(), newId: () => 'new' },
    ...input,
  });
  const short = (sha256: string | null) => sha256?.replace(/0+$/, '') ?? 'nothing';
  return {
    ...decided,
    here: [
      ...decided.respellings.map(({ from, to }) => `spell ${from} as ${to}`),
      ...decided.writes.map(({ path, sha256, expected }) => `${path} = ${short(sha256)} over ${short(expected)}`),
      ...decided.removals.map(({ path, sha256 }) => `remove ${path} = ${short(sha256)}`),
    ],
    sent: decided.pushes.map((each) =>
      each.removed
        ? `remove ${each.id} at ${each.baseVersion}`
        : `${each.id} ${each.path} = ${short(each.sha256)} at ${each.baseVersion}`,
    ),
    said: decided.notices.map(({ kind, path }) => `${kind} ${path}`),
  };
}

describe('a plan', () => {
  it.each<[string, Partial<PlanInput>, { here?: string[]; sent?: string[]; said?: string[] }]>([
    ['does nothing where nothing changed', { base: [base('1', 'a', 'x')], local: [local('a', 'x')] }, {}],
    ['sends a new file', { local: [local('a', 'x')] }, { sent: ['new a = x at null'] }],
    ['writes a file of the group', { remote: [row('1', 'a', 'x')] }, { here: ['a = x over nothing'] }],
    ['takes what both have for one', { local: [local('a', 'x')], remote: [row('1', 'a', 'x')] }, {}],
    ['sends an edit', { base: [base('1', 'a', 'x')], local: [local('a', 'y')] }, { sent: ['1 a = y at v1'] }],
    ['sends a removal', { base: [base('1', 'a', 'x')] }, { sent: ['remove 1 at v1'] }],
    [
      'sends a rename as one',
      { base: [base('1', 'a', 'x')], local: [local('dir/b', 'x')] },
      { sent: ['1 dir/b = x at v1'] },
    ],
    [
      'takes an edit',
      { base: [base('1', 'a', 'x')], local: [local('a', 'x')], remote: [row('1', 'a', 'y')] },
      { here: ['a = y over x'] },
    ],
    [
      'takes a removal',
      { base: [base('1', 'a', 'x')], local: [local('a', 'x')], remote: [removed('1')] },
      { here: ['remove a = x'] },
    ],
    [
      'takes a rename',
      { base: [base('1', 'a', 'x')], local: [local('a', 'x')], remote: [row('1', 'b', 'x')] },
      { here: ['b = x over nothing', 'remove a = x'] },
    ],
    [
      'takes a change of case as a respelling',
      { base: [base('1', 'a', 'x')], local: [local('a', 'x')], remote: [row('1', 'A', 'y')] },
      { here: ['spell a as A', 'A = y over x'] },
    ],
    [
      'swaps two files',
      {
        base: [base('1', 'a', 'x'), base('2', 'b', 'y')],
        local: [local('a', 'x'), local('b', 'y')],
        remote: [row('1', 'b', 'x'), row('2', 'a', 'y')],
      },
      { here: ['b = x over y', 'a = y over x'] },
    ],
    [
      'merges a rename here with an edit there',
      { base: [base('1', 'a', 'x')], local: [local('b', 'x')], remote: [row('1', 'a', 'y')] },
      { here: ['b = y over x'], sent: ['1 b = y at v2'] },
    ],
    [
      'merges an edit here with a rename there',
      { base: [base('1', 'a', 'x')], local: [local('a', 'y')], remote: [row('1', 'b', 'x')] },
      { here: ['b = y over nothing', 'remove a = y'], sent: ['1 b = y at v2'] },
    ],
    [
      'lets the name of the group win where both renamed, and says so',
      { base: [base('1', 'a', 'x')], local: [local('b', 'x')], remote: [row('1', 'c', 'x')] },
      { here: ['c = x over nothing', 'remove b = x'], said: ['moved c'] },
    ],
    [
      'keeps both versions of a conflict',
      { base: [base('1', 'a.md', 'x')], local: [local('a.md', 'y')], remote: [row('1', 'a.md', 'z')] },
      {
        here: ['a.md = z over y', 'a (conflict 2026-01-31 y0000000).md = y over nothing'],
        sent: ['new a (conflict 2026-01-31 y0000000).md = y at null'],
        said: ['conflict a.md'],
      },
    ],
    [
      'keeps both of two new files with one name',
      { local: [local('a', 'x')], remote: [row('1', 'a', 'y')] },
      {
        here: ['a = y over x', 'a (conflict 2026-01-31 x0000000) = x over nothing'],
        sent: ['new a (conflict 2026-01-31 x0000000) = x at null'],
        said: ['conflict a'],
      },
    ],
    [
      'sees no conflict where both wrote the same',
      { base: [base('1', 'a', 'x')], local: [local('a', 'y')], remote: [row('1', 'a', 'y')] },
      {},
    ],
    [
      'keeps an edit here against a removal there',
      { base: [base('1', 'a', 'x')], local: [local('a', 'y')], remote: [removed('1')] },
      { sent: ['new a = y at null'], said: ['kept a'] },
    ],
    [
      'keeps an edit there against a removal here',
      { base: [base('1', 'a', 'x')], remote: [row('1', 'a', 'y')] },
      { here: ['a = y over nothing'], said: ['kept a'] },
    ],
    ['agrees to what both removed', { base: [base('1', 'a', 'x')], remote: [removed('1')] }, {}],
    [
      'drops what a whole listing does not name',
      {
        base: [base('1', 'a', 'x'), base('2', 'b', 'y')],
        local: [local('a', 'x'), local('b', 'y')],
        remote: [row('1', 'a', 'x', 'v1')],
        complete: true,
      },
      { here: ['remove b = y'] },
    ],
    [
      'lets one of two resources with the same path and content go',
      { local: [local('a', 'x')], remote: [row('1', 'a', 'x'), row('2', 'a', 'x')] },
      { sent: ['remove 2 at v2'] },
    ],
    [
      'gives way to a folder of the same name',
      { remote: [row('1', 'a', 'x'), row('2', 'a/b', 'y')] },
      {
        here: ['a (conflict 2026-01-31 x0000000) = x over nothing', 'a/b = y over nothing'],
        sent: ['1 a (conflict 2026-01-31 x0000000) = x at v2'],
        said: ['conflict a'],
      },
    ],
    [
      'tells names apart that differ in case only',
      { remote: [row('1', 'a', 'x'), row('2', 'A', 'y')] },
      {
        here: ['a = x over nothing', 'A (conflict 2026-01-31 y0000000) = y over nothing'],
        sent: ['2 A (conflict 2026-01-31 y0000000) = y at v2'],
        said: ['conflict A'],
      },
    ],
    [
      'knows its own push again, whose answer it never read, though the file has changed since',
      {
        base: [base('1', 'a', 'x')],
        local: [local('a', 'z')],
        remote: [row('1', 'a', 'y')],
        intents: [{ id: '1', path: 'a', sha256: hash('y') }],
      },
      { sent: ['1 a = z at v2'] },
    ],
    [
      'goes on with the id of a new file that may have been pushed',
      { local: [local('a', 'x')], intents: [{ id: 'meant', path: 'a', sha256: hash('x') }] },
      { sent: ['meant a = x at null'] },
    ],
  ])('%s', (_what, input, { here = [], sent = [], said = [] }) => {
    const decided = decide(input);
    expect({ here: decided.here, sent: decided.sent, said: decided.said }).toEqual({ here, sent, said });
  });

  it.each([
    '../a',
    '/a',
    'a/../../b',
    'C:\\a',
    'a\\b',
    'a/./b',
    'a//b',
    'aux.txt',
    'dir/NUL',
    'a.',
    'a ',
    'a\u0000',
    '',
    '.nightvault/state.json',
    '.NightVault/x',
    '.night\u200cvault/x',
    'NIGHTV~1/x',
    'e\u0301',
    'x'.repeat(250),
  ])('writes nothing for the name %j, and says so', (path) => {
    const decided = decide({ remote: [row('1', path, 'x')] });
    expect(decided).toMatchObject({ here: [], sent: [], said: [`refused ${path}`], base: [] });
    expect(decided.refused).toHaveLength(1);
  });

  it('leaves the file where it is that got such a name, and edits of it unsent', () => {
    const decided = decide({
      base: [base('1', 'a', 'x')],
      local: [local('a', 'y')],
      remote: [row('1', '../a', 'x'), row('2', 'A', 'z')],
    });
    expect(decided).toMatchObject({ here: [], sent: [], said: ['refused ../a', 'refused A'] });
    expect(decided.base).toEqual([base('1', 'a', 'x')]);
  });

  it('writes nothing where something else stands, nor what cannot be read', () => {
    const decided = decide({
      remote: [row('1', 'link/a', 'x'), { state: 'unreadable', id: '2', version: 'v1', reason: 'no key' }],
      obstacles: new Map([['link/a', 'link is a symbolic link']]),
    });
    expect(decided).toMatchObject({ here: [], sent: [], said: ['refused link/a', 'refused 2'] });
    expect(decided.notices.map(({ detail }) => detail)).toEqual(['link is a symbolic link', 'no key']);
  });
});
