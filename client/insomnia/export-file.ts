import * as z from 'zod';
import { parseJson } from '../../shared/crypto/json.ts';
import { InsomniaFileRefused, InsomniaProjectUnusable } from './failures.ts';
import { isObject, type JsonObject, sameJson, textMember } from './json.ts';
import { type InsomniaResource, type JoinableResource, resourceId, resourceName } from './resource.ts';
import { readText, type Style, styleOf, writeText } from './syntax.ts';
import { isVersion4, joinVersion4, splitVersion4 } from './version-4.ts';
import { isVersion5, joinVersion5, splitVersion5 } from './version-5.ts';

/** Type of the resource that holds what of a file is no item: its head, the order of its items, how it was written. */
export const frameType = 'InsomniaExport';

const frameContent = z.object({
  format: z.enum(['insomnia-4', 'insomnia-5']),
  style: z.object({
    syntax: z.enum(['json', 'yaml']),
    indent: z.union([z.int(), z.literal('\t')]).optional(),
    unfolded: z.literal(true).optional(),
    end: z.string(),
  }),
  frame: z.custom<JsonObject>(isObject),
});

export interface SplitExport {
  /** Every item of the file, and last the frame that joins them. */
  readonly resources: readonly InsomniaResource[];
  /** Joined again they are the file to the byte; else they say the same in other words. */
  readonly exact: boolean;
  readonly version: 4 | 5;
}

/** An export file, joined. */
export interface JoinedExport {
  /** Of the frame's resource. */
  readonly id: string;
  /** Of the project. */
  readonly name: string;
  readonly extension: 'json' | 'yaml';
  readonly text: string;
}

/**
 * Takes an Insomnia export file (version 4 or 5, JSON or YAML) apart. What `joinExport` makes of the parts is compared
 * with the file before they are handed out.
 * @throws {InsomniaFileRefused}
 */
export async function splitExport(text: string): Promise<SplitExport> {
  const { value, syntax } = readText(text);
  const version = isVersion4(value) ? 4 : isVersion5(value) ? 5 : undefined;
  if (version === undefined) throw new InsomniaFileRefused('it says neither that it is version 4 nor version 5');
  const { resources, frame, root } = version === 4 ? await splitVersion4(value) : await splitVersion5(value);
  const twice = firstTwice(resources.map(({ id }) => id));
  if (twice !== undefined) throw new InsomniaFileRefused(`the id ${twice} stands in it twice`);
  const { style, exact } = styleOf(text, value, syntax);
  const format = version === 4 ? 'insomnia-4' : 'insomnia-5';
  const whole = {
    id: await resourceId(`export:${root?.id ?? 'empty'}`),
    type: frameType,
    name: resourceName(textMember(value, 'name'), root?.name, 'Insomnia export'),
    lastEdited: Math.max(0, ...resources.map(({ lastEdited }) => lastEdited)),
    content: JSON.stringify({ format, style, frame }),
  };
  const parts = [...resources, whole];
  if (!sameJson(readText(joinExport(whole, parts).text).value, value)) {
    throw new InsomniaFileRefused('it holds what would be lost, such as numbers beyond JSON');
  }
  return { resources: parts, exact, version };
}

function firstTwice(ids: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return ids.find((id) => seen.size === seen.add(id).size);
}

/**
 * The file again, with what has become of its items since.
 * @param frame a resource of the type `frameType`
 * @param resources at least those of its file
 * @throws {InsomniaProjectUnusable} when the frame's content is not one, or an item's is not JSON
 */
export function joinExport(
  frame: JoinableResource & Pick<InsomniaResource, 'name'>,
  resources: Iterable<JoinableResource>,
): JoinedExport {
  const parsed = frameContent.safeParse(parseJson(frame.content));
  if (!parsed.success) throw new InsomniaProjectUnusable(`the resource ${frame.id} does not say how`);
  const { format, style, frame: head } = parsed.data;
  const items = new Map<string, JoinableResource>();
  for (const each of resources) if (each.type !== frameType) items.set(each.id, each);
  const value = format === 'insomnia-4' ? joinVersion4(head, items) : joinVersion5(head, items);
  return { id: frame.id, name: frame.name, extension: style.syntax, text: writeText(value, styleFrom(style)) };
}

const styleFrom = ({ syntax, indent, unfolded, end }: z.infer<typeof frameContent>['style']): Style => ({
  syntax,
  end,
  ...(indent === undefined ? {} : { indent }),
  ...(unfolded === undefined ? {} : { unfolded }),
});
