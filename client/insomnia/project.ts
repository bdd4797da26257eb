import { NeverSettled } from '../folder/failures.ts';
import { fileType } from '../folder/file-format.ts';
import { inParallel } from '../folder/in-parallel.ts';
import { BlobTooLarge, type Group, type OpenResource, type Until } from '../index.ts';
import { fetched, holds, type StoredContent, store } from './content.ts';
import { frameType, type JoinedExport, joinExport } from './export-file.ts';
import type { InsomniaResource, JoinableResource } from './resource.ts';

/** What became of the resources of an import. */
export interface Pushed {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Names of those that no blob holds. */
  readonly tooLarge: readonly string[];
}

/** A project that a group holds. */
export interface StandingProject {
  /** Of the resource that joins it. */
  readonly id: string;
  readonly name: string;
  /** As the export file it came from, with what has become of it. @throws {InsomniaProjectUnusable} */
  join(): Promise<JoinedExport>;
}

/** Times that others may be first before it is given up. */
const tries = 5;
/** Blobs on their way at once. */
const atOnce = 4;

/** What stands in a group besides files. */
async function standing(group: Group, { signal }: Until): Promise<Map<string, OpenResource>> {
  const found = new Map<string, OpenResource>();
  for await (const resource of group.changes.pull({ cursor: null, signal })) {
    if (resource.type !== fileType) found.set(resource.id, resource);
  }
  return found;
}

/**
 * Pushes those of a project's resources that the group has otherwise or not at all; what it has besides stays.
 * @throws {NeverSettled} when others change the same ones all the time
 */
export async function pushProject(group: Group, resources: readonly InsomniaResource[], until: Until): Promise<Pushed> {
  let [created, updated, unchanged] = [0, 0, 0];
  const tooLarge: string[] = [];
  let rest = resources;
  for (let time = 0; time < tries; time++) {
    const there = await standing(group, until);
    const wanted = rest.filter((each) => !stands(each, there.get(each.id)));
    unchanged += rest.length - wanted.length;
    const stored = await storeAll(group, wanted, until);
    const sent = wanted.filter((each) => stored.has(each));
    tooLarge.push(...wanted.filter((each) => !stored.has(each)).map(({ name }) => name));
    const drafts = sent.map((each) => ({
      ...each,
      ...stored.get(each),
      baseVersion: there.get(each.id)?.version ?? null,
    }));
    const verdicts = await group.changes.push(drafts, until);
    const again: InsomniaResource[] = [];
    for (const [index, resource] of sent.entries()) {
      const status = verdicts[index]?.status;
      if (status === 'created') created += 1;
      else if (status === 'updated' || status === 'unchanged') updated += 1;
      else again.push(resource);
    }
    if (again.length === 0) return { created, updated, unchanged, tooLarge };
    rest = again;
  }
  throw new NeverSettled(tries);
}

function stands(wanted: InsomniaResource, there: OpenResource | undefined): boolean {
  if (there === undefined || there.removed || there.name !== wanted.name || there.type !== wanted.type) return false;
  return holds(there.content, wanted.content);
}

/** The contents as they go into the resources; without those that are too large even for a blob. */
async function storeAll(group: Group, resources: readonly InsomniaResource[], until: Until) {
  const stored = new Map<InsomniaResource, StoredContent>();
  await inParallel(resources, atOnce, async (each) => {
    try {
      stored.set(each, await store(group, each.content, until));
    } catch (error) {
      if (!(error instanceof BlobTooLarge)) throw error;
    }
  });
  return stored;
}

/** The projects that a group holds. */
export async function projectsOf(group: Group, until: Until): Promise<StandingProject[]> {
  const resources = [...(await standing(group, until)).values()].filter(({ removed }) => !removed);
  const items = resources.filter(({ type }) => type !== frameType);
  const joined = async (frame: OpenResource) => {
    const whole = new Map<string, JoinableResource>();
    await inParallel([frame, ...items], atOnce, async (each) => {
      const { id, type } = each;
      whole.set(id, { id, type, content: await fetched(group, each, until) });
    });
    const content = whole.get(frame.id)?.content ?? frame.content;
    return joinExport(
      { ...frame, content },
      items.flatMap(({ id }) => whole.get(id) ?? []),
    );
  };
  const frames = resources.filter(({ type }) => type === frameType);
  return frames.map((frame) => ({ id: frame.id, name: frame.name, join: () => joined(frame) }));
}
