import { spell } from '../../../../client/folder/file-content.ts';
import { fileIn, savedIn, shownOf, textIn, titleOf } from '../../../../client/pages/worker/files.ts';

const sha256 = 'a'.repeat(64);
const blob = { blobId: 'b'.repeat(64), keyEpoch: 1, seal: 'c'.repeat(64), size: 9 };
const file = { format: 'nightvault-file-1', path: 'notes/plan.md', size: 3, sha256 };
const json = (content: object) => ({ type: 'File', content: JSON.stringify(content) });

describe('a file of a synced folder', () => {
  it('has its path and its content in what was decrypted', () => {
    const content = { ...file, text: 'abc' };
    expect(fileIn(json(content))).toEqual({ path: 'notes/plan.md', content });
  });

  it('has its path alone once it is removed', () => {
    const removed = json({ path: 'notes/plan.md' });
    expect(titleOf({ ...removed, name: '' }, fileIn(removed))).toBe('notes/plan.md');
    expect(shownOf(removed)).toEqual({ content: undefined, file: undefined });
  });

  it.each([
    ['of another type', { ...json({ ...file, text: 'abc' }), type: 'Request' }],
    ['of a newer format', json({ format: 'nightvault-file-2', path: 'plan.md' })],
    ['that is no JSON', { type: 'File', content: 'path' }],
  ])('is not what is %s', (_what, change) => {
    expect(fileIn(change)).toBeUndefined();
    expect(shownOf(change)).toEqual({ content: change.content, file: undefined });
  });
});

it.each([
  ['List articles', 'Request', 'List articles'],
  ['', 'Request', '(no name)'],
  ['', 'File', 'A file'],
])('%j of type %s, with no path, is called %j', (name, type, title) => {
  expect(titleOf({ name, type }, undefined)).toBe(title);
});

describe('the text of a file', () => {
  it.each(['', 'plain\r\n', '{"a": "b"}', 'Тихо над пирсом.', '\uFEFFwith a mark'])('%j is read', (text) => {
    expect(textIn(spell(Buffer.from(text)))).toBe(text);
  });

  it.each([
    ['bytes that are no UTF-8', spell(Buffer.from([0xff, 0xfe]))],
    ['a zero byte', spell(Buffer.from('a\0b'))],
    ['a blob', { blob }],
    ['what nobody can decode', { base64: '*' }],
  ])('is none for %s', (_what, bytes) => {
    expect(textIn(bytes)).toBeUndefined();
  });
});

it('an item too long for its resource says where it is', () => {
  const item = { type: 'Request', content: JSON.stringify({ format: 'nightvault-blob-1', sha256, blob }) };
  expect(savedIn({ ...item, blobIds: [blob.blobId] })).toEqual({ size: 9, blob });
  expect(shownOf({ ...item, blobIds: [blob.blobId] })).toEqual({ content: undefined, file: { size: 9, large: true } });
  expect(savedIn({ ...item, blobIds: [] })).toBeUndefined();
  expect(savedIn({ ...item, content: '{"url":""}', blobIds: [blob.blobId] })).toBeUndefined();
});
