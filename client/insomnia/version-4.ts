import { parseJson } from '../../shared/crypto/json.ts';
import { InsomniaFileRefused } from './failures.ts';
import { isObject, type Json, type JsonObject, mapMembers, member, textMember } from './json.ts';
import { type InsomniaResource, type JoinableResource, resourceId, resourceName, resourceTime } from './resource.ts';

/** `unit_test_suite` in a file is `UnitTestSuite` in the program; these are spelled otherwise. */
const irregular = new Map([
  ['websocket_request', 'WebSocketRequest'],
  ['websocket_payload', 'WebSocketPayload'],
  ['socketio_request', 'SocketIORequest'],
  ['socketio_payload', 'SocketIOPayload'],
]);
const exportedTypes = new Map([...irregular].map(([exported, model]) => [model, exported]));

export const isVersion4 = (file: JsonObject): boolean =>
  textMember(file, '_type') === 'export' && member(file, '__export_format') === 4;

/** Every resource by itself, and the file with their ids in their place. @throws {InsomniaFileRefused} */
export async function splitVersion4(file: JsonObject) {
  const listed = member(file, 'resources');
  if (!Array.isArray(listed)) throw new InsomniaFileRefused('it has no list of resources');
  const resources = await Promise.all(listed.map((item: Json, index) => splitOff(item, index)));
  const frame = mapMembers(file, (key, value) => [key, key === 'resources' ? resources.map(({ id }) => id) : value]);
  const root = resources.find(({ type }) => type === 'Workspace') ?? resources[0];
  return { resources, frame, root };
}

async function splitOff(item: Json, index: number): Promise<InsomniaResource> {
  const id = textMember(item, '_id');
  const exported = textMember(item, '_type');
  if (!isObject(item) || id === undefined || id === '' || exported === undefined) {
    throw new InsomniaFileRefused(`/resources/${index} has no _id or no _type`);
  }
  const type = modelName(exported);
  return {
    id: await resourceId(id),
    type,
    name: resourceName(textMember(item, 'name'), textMember(item, 'fileName'), type),
    lastEdited: resourceTime(member(item, 'modified')),
    content: JSON.stringify(inTheProgram(item, exported, type)),
  };
}

/** As the program's own clients keep an item: `type` for `_type`. What could not be turned back is left as it is. */
function inTheProgram(item: JsonObject, exported: string, type: string): JsonObject {
  if (Object.hasOwn(item, 'type') || exportedName(type) !== exported) return item;
  return mapMembers(item, (key, value) => (key === '_type' ? ['type', type] : [key, value]));
}

function inTheFile(content: JsonObject): JsonObject {
  const type = textMember(content, 'type');
  if (Object.hasOwn(content, '_type') || type === undefined) return content;
  return mapMembers(content, (key, value) => (key === 'type' ? ['_type', exportedName(type)] : [key, value]));
}

/**
 * The file again: resources in the order they had, without those that are gone; those that are new and hang below one of
 * the file's stand at the end, by id.
 */
export function joinVersion4(frame: JsonObject, resources: ReadonlyMap<string, JoinableResource>): JsonObject {
  const listed = member(frame, 'resources');
  const order = Array.isArray(listed) ? listed.filter((id: Json) => typeof id === 'string') : [];
  const contents = new Map<string, JsonObject>();
  for (const { id, content } of resources.values()) {
    const item = parseJson(content);
    if (isObject(item) && textMember(item, '_id') !== undefined) contents.set(id, inTheFile(item));
  }
  const joined = [...order.filter((id) => contents.has(id)), ...newBelow(order, contents)];
  return mapMembers(frame, (key, value) => [
    key,
    key === 'resources' ? joined.flatMap((id) => contents.get(id) ?? []) : value,
  ]);
}

function newBelow(order: readonly string[], contents: ReadonlyMap<string, JsonObject>): string[] {
  const taken = new Set(order);
  const parents = new Set(order.flatMap((id) => textMember(contents.get(id), '_id') ?? []));
  const found: string[] = [];
  for (let more = true; more; ) {
    const next = [...contents].filter(
      ([id, item]) => !taken.has(id) && parents.has(textMember(item, 'parentId') ?? ''),
    );
    for (const [id, item] of next.sort(([one], [other]) => (one < other ? -1 : 1))) {
      found.push(id);
      taken.add(id);
      parents.add(textMember(item, '_id') ?? '');
    }
    more = next.length > 0;
  }
  return found;
}

function modelName(exported: string): string {
  const words = exported.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const name = irregular.get(exported) ?? words.join('');
  return /^[A-Za-z0-9.-]{1,60}$/.test(name) ? name : 'Unknown';
}

const exportedName = (type: string): string =>
  exportedTypes.get(type) ?? type.replace(/(?<!^)[A-Z]/g, '_$&').toLowerCase();
