import { parseJson } from '../../shared/crypto/json.ts';
import { InsomniaProjectUnusable } from './failures.ts';
import { isObject, type Json, type JsonObject, mapMembers, member, textMember } from './json.ts';
import { type InsomniaResource, type JoinableResource, resourceId, resourceName, resourceTime } from './resource.ts';

/** Members that hold items with ids of their own, and what those are. What stands elsewhere is user data. */
const places = new Map([
  ['collection', 'Request'],
  ['children', 'Request'],
  ['cookieJar', 'CookieJar'],
  ['environments', 'Environment'],
  ['subEnvironments', 'Environment'],
  ['spec', 'ApiSpec'],
  ['testSuites', 'UnitTestSuite'],
  ['tests', 'UnitTest'],
  ['server', 'MockServer'],
  ['routes', 'MockRoute'],
  ['mcpRequest', 'McpRequest'],
]);

/** Requests of several kinds stand side by side; their ids tell them apart. */
const kinds: readonly (readonly [prefix: string, type: string])[] = [
  ['fld_', 'RequestGroup'],
  ['greq_', 'GrpcRequest'],
  ['ws-req_', 'WebSocketRequest'],
  ['socketio-req_', 'SocketIORequest'],
];

/** In a content: what stands here is the resource with this id. A list instead of an id: its first item, as it is. */
const reference = '$resource';

export const isVersion5 = (file: JsonObject): boolean =>
  /\.insomnia(\.rest)?\/5\.\d+$/.test(textMember(file, 'type') ?? '');

const idOf = (item: Json): string | undefined => textMember(member(item, 'meta'), 'id');

/**
 * Every item with an id by itself, with references where items below it stood; and the file, with references as well.
 * An id that comes twice is split off once.
 */
export async function splitVersion5(file: JsonObject) {
  const resources: InsomniaResource[] = [];
  const taken = new Set<string>();

  async function splitOff(item: Json, type: string): Promise<Json> {
    const id = idOf(item);
    if (!isObject(item)) return marked(item);
    const free = id !== undefined && id !== '' && !taken.has(id) ? id : undefined;
    if (free !== undefined) taken.add(free);
    const content = await withoutItems(item);
    if (free === undefined) return isMarked(content) ? { [reference]: [content[reference] ?? null] } : content;
    resources.push({
      id: await resourceId(free),
      type,
      name: resourceName(textMember(item, 'name'), type),
      lastEdited: resourceTime(member(member(item, 'meta'), 'modified')),
      content: JSON.stringify(content),
    });
    return { [reference]: await resourceId(free) };
  }

  async function withoutItems(item: JsonObject): Promise<JsonObject> {
    const members: [string, Json][] = [];
    for (const [key, value] of Object.entries(item)) members.push([key, await below(key, value)]);
    return Object.fromEntries(members);
  }

  async function below(key: string, value: Json): Promise<Json> {
    const place = places.get(key);
    if (place === undefined) return marked(value);
    if (!Array.isArray(value)) return splitOff(value, place);
    const items: Json[] = [];
    for (const item of value) items.push(await splitOff(item, kindOf(item, place)));
    return items;
  }

  const frame = await splitOff(file, 'Workspace');
  return { resources, frame: isObject(frame) ? frame : {}, root: resources.at(-1) };
}

function kindOf(item: Json, place: string): string {
  if (place !== 'Request') return place;
  const found = kinds.find(([prefix]) => idOf(item)?.startsWith(prefix))?.[1];
  return found ?? (member(item, 'children') === undefined ? place : 'RequestGroup');
}

/** The file again. What is gone is gone from its list, too. */
export function joinVersion5(frame: JsonObject, resources: ReadonlyMap<string, JoinableResource>): Json {
  return join(frame, resources, new Set()) ?? {};
}

/** @param above ids on the way here: what members have written could refer to itself */
function join(
  value: Json,
  resources: ReadonlyMap<string, JoinableResource>,
  above: ReadonlySet<string>,
): Json | undefined {
  if (Array.isArray(value)) {
    return value.map((each: Json) => join(each, resources, above)).filter((each) => each !== undefined);
  }
  if (!isObject(value)) return value;
  const wanted = isMarked(value) ? value[reference] : undefined;
  if (Array.isArray(wanted)) return unmarked(value);
  if (typeof wanted !== 'string') return joinMembers(value, resources, above);
  const content = above.has(wanted) ? undefined : resources.get(wanted)?.content;
  if (content === undefined) return undefined;
  const item = parseJson(content) as Json | undefined;
  if (item === undefined) throw new InsomniaProjectUnusable(`the content of the resource ${wanted} is no JSON`);
  return join(item, resources, new Set([...above, wanted]));
}

function joinMembers(value: JsonObject, resources: ReadonlyMap<string, JoinableResource>, above: ReadonlySet<string>) {
  const members = Object.entries(value).flatMap(([key, each]): [string, Json][] => {
    const joined = places.has(key) ? join(each, resources, above) : unmarked(each);
    return joined === undefined ? [] : [[key, joined]];
  });
  return Object.fromEntries(members);
}

const isMarked = (value: JsonObject): boolean => Object.hasOwn(value, reference) && Object.keys(value).length === 1;

/** User data that look like a reference are marked as such. */
function marked(value: Json): Json {
  if (Array.isArray(value)) return value.map(marked);
  if (!isObject(value)) return value;
  const escaped = mapMembers(value, (key, each) => [key, marked(each)]);
  return isMarked(value) ? { [reference]: [escaped[reference] ?? null] } : escaped;
}

function unmarked(value: Json): Json {
  if (Array.isArray(value)) return value.map(unmarked);
  if (!isObject(value)) return value;
  const literal = isMarked(value) ? value[reference] : undefined;
  if (Array.isArray(literal)) return { [reference]: unmarked(literal[0] ?? null) };
  return mapMembers(value, (key, each) => [key, unmarked(each)]);
}
