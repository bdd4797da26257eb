import type { OpenResource } from '../../client/changes.ts';
import type { Group } from '../../client/group.ts';
import type { LocalStack, StoredFields } from './local-stack.ts';
import { requestIn } from './merge.ts';
import type { Narrator } from './narrator.ts';
import { sideBySide } from './side-by-side.ts';

const height = 26;

interface Shown {
  readonly group: Group;
  readonly bobReads: OpenResource;
  readonly secrets: readonly string[];
}

/** The same resource twice: what Bob saw, and what the server holds. Then a search of the whole store. */
export async function showBothSides(narrator: Narrator, stack: LocalStack, shown: Shown): Promise<void> {
  const { group, bobReads, secrets } = shown;
  narrator.chapter('One request, seen from both sides');
  const stored = await stack.resource(group.id, bobReads.id);
  sideBySide(
    narrator,
    { title: 'What Bob saw', lines: readable(bobReads) },
    { title: 'What the server holds', lines: asStored(stored) },
    height,
  );
  const { url, body, description } = requestIn(bobReads);
  const everything = await stack.everything();
  for (const secret of [...secrets, url, description, body.text ?? url]) {
    const asJson = JSON.stringify(secret).slice(1, -1);
    if (everything.includes(secret) || everything.includes(asJson)) {
      throw new Error('Something that only Jane and Bob may know is in the store.');
    }
  }
  narrator.seen('Searched everything the server stores for the URL, the body, the description');
  narrator.say('  and both passphrases: not there. Names and types of resources are, and nothing more of them.');
}

function readable(resource: OpenResource): string[] {
  const { method, url, authentication, description, body } = requestIn(resource);
  return [
    `name         ${resource.name}`,
    `type         ${resource.type}`,
    `id           ${resource.id}`,
    '',
    `${method} ${url}`,
    `Authorization: Bearer ${authentication.token ?? ''}`,
    '',
    ...(body.text ?? '').split('\n'),
    '',
    description,
  ];
}

function asStored({ name, type, encContent, ...rest }: StoredFields): string[] {
  const { keyEpoch, revision, lastEditedBy } = rest;
  const visible = { name, type, keyEpoch, revision, lastEditedBy };
  return [
    ...Object.entries(visible).map(([field, value]) => `${field.padEnd(13)}${value}`),
    '',
    `encContent   ${encContent}`,
  ];
}
