import type { Group, OpenResource } from '../index.ts';
import { frameType, type JoinedExport, joinExport } from './export-file.ts';
import type { InsomniaResource } from './resource.ts';

interface Until {
  readonly signal?: AbortSignal | undefined;
}

/** What became of the resources of an import. */
export interface Pushed {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Names of those that no resource holds. */
  readonly tooLarge: readonly string[];
}

/** Times that others may be first before it is given up. */
const tries = 5;

/** What stands in a group besides files. */
async function standing(group: Group, { signal }: Until): Promise<Map<string, OpenResource>> {
  const found = new Map<string, OpenResource>();
  for await (const resource of group.changes.pull({ cursor: null, signal })) found.set(resource.id, resource);
  return found;
}

/** Pushes those of a project's resources that the group has otherwise or not at all; what it has besides stays. */
export async function pushProject(group: Group, resources: readonly InsomniaResource[], until: Until): Promise<Pushed> {
  let [created, updated, unchanged] = [0, 0, 0];
  const tooLarge: string[] = [];
  let rest = resources;
  for (let time = 0; rest.length > 0 && time < tries; time++) {
    const there = await standing(group, until);
    const wanted = rest.filter(({ id, type, name, content }) => {
      const found = there.get(id);
      return !found || found.removed || found.content !== content || found.name !== name || found.type !== type;
    });
    unchanged += rest.length - wanted.length;
    const drafts = wanted.map((each) => ({ ...each, baseVersion: there.get(each.id)?.version ?? null }));
    const verdicts = await group.changes.push(drafts, until);
    const again: InsomniaResource[] = [];
    for (const [index, resource] of wanted.entries()) {
      const verdict = verdicts[index];
      if (verdict?.status === 'created') created += 1;
      else if (verdict?.status === 'updated' || verdict?.status === 'unchanged') updated += 1;
      else if (verdict?.status === 'rejected') tooLarge.push(resource.name);
      else again.push(resource);
    }
    rest = again;
  }
  return { created, updated, unchanged, tooLarge };
}

/** The projects that a group holds, each as the export file it came from, with what has become of it. */
export async function pullProjects(group: Group, until: Until): Promise<JoinedExport[]> {
  const resources = [...(await standing(group, until)).values()].filter(({ removed }) => !removed);
  return resources.filter(({ type }) => type === frameType).map((frame) => joinExport(frame, resources));
}
