import { readFile } from 'node:fs/promises';
import { frameType, joinExport, type SplitExport, splitExport } from '../../../../client/insomnia/export-file.ts';
import type { InsomniaResource } from '../../../../client/insomnia/resource.ts';
import { clientId } from '../../../../shared/protocol/fields.ts';

const fixture = (name: string) => readFile(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8');
const version4 = await fixture('insomnia-export.json');
const version5 = await fixture('insomnia-export-5.yaml');
const value4 = JSON.parse(version4);

const join = ({ resources }: Pick<SplitExport, 'resources'>) => {
  const frame = resources.find(({ type }) => type === frameType);
  if (frame === undefined) throw new Error('There is no frame.');
  return joinExport(frame, resources);
};

const typesOf = ({ resources }: SplitExport) => {
  const counts: Record<string, number> = {};
  for (const { type } of resources) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
};

/** The same parts with one content changed as a member would. */
const edit = (split: SplitExport, id: string, change: (content: Record<string, unknown>) => unknown) => ({
  resources: split.resources.map(
    (each): InsomniaResource =>
      each.id === id ? { ...each, content: JSON.stringify(change(JSON.parse(each.content))) } : each,
  ),
});

describe('an export of version 4', () => {
  it("is split into items with Insomnia's own ids and types, and a frame", async () => {
    const split = await splitExport(version4);
    expect(split).toMatchObject({ exact: true, version: 4 });
    expect(typesOf(split)).toMatchObject({ Workspace: 1, UnitTestSuite: 1, UnitTest: 3, ApiSpec: 1, [frameType]: 1 });
    expect(split.resources).toHaveLength(value4.resources.length + 1);
    const [first] = split.resources;
    expect(first).toMatchObject({
      id: 'wrk_ed78827cd6cc20a562299c330f3df09d',
      type: 'Workspace',
      name: 'Harbour Goods API',
      lastEdited: 1711902812040,
    });
    expect(JSON.parse(first?.content ?? '')).toMatchObject({ _id: first?.id, type: 'Workspace' });
  });

  it.each([
    ['as Insomnia writes it, in one line', JSON.stringify(value4)],
    ['indented by two', JSON.stringify(value4, null, 2)],
    ['indented by tabs, with an end of line', `${JSON.stringify(value4, null, '\t')}\n`],
  ])('comes back to the byte %s', async (_how, text) => {
    const split = await splitExport(text);
    expect(split.exact).toBe(true);
    expect(join(split)).toMatchObject({ text, extension: 'json', name: 'Harbour Goods API' });
  });

  it('comes back with the same meaning from another hand, and says that it is not the same', async () => {
    const text = version4.replace('{', '{   ');
    const split = await splitExport(text);
    expect(split.exact).toBe(false);
    expect(JSON.parse(join(split).text)).toEqual(value4);
  });

  it('joins what members have edited, removed and added since', async () => {
    const split = await splitExport(version4);
    const request = split.resources.find(({ type }) => type === 'Request');
    const { parentId } = JSON.parse(request?.content ?? '');
    const edited = edit(split, request?.id ?? '', (content) => ({ ...content, url: 'https://edited.example' }));
    const kept = edited.resources.filter(({ type }) => type !== 'UnitTest');
    const added = { _id: 'req_new', parentId, name: 'New', type: 'Request' };
    const below = { _id: 'req_lost', parentId: 'fld_of_another_project', name: 'Lost', type: 'Request' };
    const more = [added, below].map((content) => ({
      ...{ id: content._id, type: 'Request', name: content.name, lastEdited: 0 },
      content: JSON.stringify(content),
    }));
    const { resources } = JSON.parse(join({ resources: [...kept, ...more] }).text);
    expect(resources).toHaveLength(value4.resources.length - 3 + 1);
    expect(resources.find(({ _id }: { _id: string }) => _id === request?.id).url).toBe('https://edited.example');
    expect(resources.at(-1)).toEqual({ _id: 'req_new', parentId, name: 'New', _type: 'request' });
  });

  it('keeps ids the wire does not take inside, under ids of their own', async () => {
    const file = {
      _type: 'export',
      __export_format: 4,
      resources: [
        { _id: '__WORKSPACE_ID__', _type: 'workspace', name: 'Gen\u0000erated' },
        { _id: `req_${'long'.repeat(40)}`, _type: 'websocket_request', type: 'kept' },
        { _id: 'x_1', _type: 'Odd__type' },
      ],
    };
    const text = JSON.stringify(file);
    const split = await splitExport(text);
    expect(split.resources.map(({ id }) => clientId.safeParse(id).success)).toEqual([true, true, true, true]);
    expect(split.resources[0]?.name).toBe('Gen erated');
    expect(split.resources[1]?.type).toBe('WebSocketRequest');
    expect(join(split).text).toBe(text);
  });
});

describe('an export of version 5', () => {
  it("is split into items with Insomnia's own ids and types, and comes back to the byte", async () => {
    const split = await splitExport(version5);
    expect(split).toMatchObject({ exact: true, version: 5 });
    expect(Object.keys(typesOf(split)).sort()).toEqual(
      [
        ...['ApiSpec', 'CookieJar', 'Environment', frameType, 'Request', 'RequestGroup', 'UnitTest', 'UnitTestSuite'],
        'Workspace',
      ].sort(),
    );
    expect(split.resources.some(({ id }) => id === 'looks-like-an-item')).toBe(false);
    expect(join(split)).toMatchObject({ text: version5, extension: 'yaml', name: 'Harbour Goods API' });
  });

  it('comes back where long texts are not folded, as newer versions write them', async () => {
    const text = `type: collection.insomnia.rest/5.0\nname: ${'many words '.repeat(20)}end\nmeta:\n  id: wrk_1\n`;
    const split = await splitExport(text);
    expect(split.exact).toBe(true);
    expect(join(split).text).toBe(text);
  });

  it('joins what members have edited and removed', async () => {
    const split = await splitExport(version5);
    const suite = split.resources.find(({ type }) => type === 'UnitTestSuite');
    const test = split.resources.find(({ type }) => type === 'UnitTest');
    const edited = edit(split, suite?.id ?? '', (content) => ({ ...content, name: 'Renamed' }));
    const { text } = join({ resources: edited.resources.filter(({ id }) => id !== test?.id) });
    expect(text).toContain('- name: Renamed');
    expect(text).not.toContain(test?.id);
    expect(text.match(/id: ut_/g)).toHaveLength(2);
  });

  it('does not follow contents that refer to themselves', async () => {
    const split = await splitExport('type: collection.insomnia.rest/5.0\nmeta:\n  id: wrk_1\ncollection: []\n');
    const edited = edit(split, 'wrk_1', (content) => ({ ...content, collection: [{ $resource: 'wrk_1' }] }));
    expect(join(edited).text).toContain('collection: []');
  });

  it('leaves a comment behind, and says so', async () => {
    const split = await splitExport(`# by hand\n${version5}`);
    expect(split.exact).toBe(false);
    expect(join(split).text).toBe(version5);
  });
});

describe('what a member has damaged', () => {
  const damage = (split: SplitExport, id: string | undefined, content: string) => ({
    resources: split.resources.map((each) => (each.id === id ? { ...each, content } : each)),
  });
  it.each(['no JSON', '{"format":"insomnia-6"}'])('is refused where it joins the others: %s', async (content) => {
    const split = await splitExport(version4);
    const frame = split.resources.find(({ type }) => type === frameType);
    expect(() => join(damage(split, frame?.id, content))).toThrow(
      expect.objectContaining({
        code: 'INSOMNIA_PROJECT_UNUSABLE',
        message: `The project cannot be joined to a file: the resource ${frame?.id} does not say how.`,
      }),
    );
  });

  it('is refused in version 5, whose items hang on one another, and left out in version 4', async () => {
    const [split4, split5] = [await splitExport(version4), await splitExport(version5)];
    const [{ id } = { id: '' }] = split5.resources;
    expect(() => join(damage(split5, id, 'no JSON'))).toThrow(`the content of the resource ${id} is no JSON`);
    const left = JSON.parse(join(damage(split4, split4.resources[0]?.id, 'no JSON')).text);
    expect(left.resources).toHaveLength(value4.resources.length - 1);
  });
});

describe('what is no export', () => {
  it.each([
    ['[1, 2]', 'it holds no object'],
    ['{"resources": ', 'it begins like JSON and is none'],
    ['a: [', 'it is no YAML'],
    ['{"_type": "export", "__export_format": 3}', 'it says neither that it is version 4 nor version 5'],
    ['{"_type": "export", "__export_format": 4}', 'it has no list of resources'],
    ['{"_type": "export", "__export_format": 4, "resources": [{"_id": "a"}]}', '/resources/0 has no _id or no _type'],
    [
      '{"_type":"export","__export_format":4,"resources":[{"_id":"a","_type":"b"},{"_id":"a","_type":"b"}]}',
      'the id a stands in it twice',
    ],
    ['type: collection.insomnia.rest/5.0\nname: .nan\n', 'it holds what would be lost'],
  ])('is refused: %s', async (text, why) => {
    await expect(splitExport(text)).rejects.toMatchObject({
      code: 'INSOMNIA_FILE_REFUSED',
      message: expect.stringContaining(why),
    });
  });
});
