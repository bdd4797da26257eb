import * as fc from 'fast-check';
import { ModelFolder, ModelGroup } from './world.ts';

/** Few paths, so that they meet; some differ in spelling only, some are folders of others. */
const path = fc.constantFrom('a', 'b', 'A', 'b/c', 'b/c/d.yaml', 'a.txt', 'A.TXT', 'specs/x.json', 'specs');
const device = fc.constantFrom(0, 1, 2);

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), device, path }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), device, pick: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), device, pick: fc.nat(20), path }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy' as const), device, pick: fc.nat(20), path }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('same' as const), path }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('sync' as const), device }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('receive' as const), device }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('send' as const), device, sent: fc.nat(4), answered: fc.nat(4) }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** Three folders and their group, and what nobody has let go of. */
class World {
  readonly group = new ModelGroup();
  readonly folders = ['x', 'y', 'z'].map((name) => new ModelFolder(this.group, name));
  /** Contents that stand somewhere and that no person has overwritten or removed where they saw it. */
  readonly alive = new Set<string>();
  /** What was received and is not sent yet, by device: the program may die there, or be slow. */
  readonly #pending = new Map<number, ReturnType<ModelFolder['receive']>>();
  #written = 0;

  run(one: Step): void {
    const folder = this.folders['device' in one ? one.device : 0];
    if (folder === undefined) return;
    switch (one.do) {
      case 'write':
        this.#write(folder, one.path, this.#content());
        break;
      case 'same': {
        const content = this.#content();
        for (const each of this.folders.slice(0, 2)) this.#write(each, one.path, content);
        break;
      }
      case 'remove':
        this.#let(folder, pick(folder, one.pick));
        break;
      case 'rename':
      case 'copy': {
        const from = pick(folder, one.pick);
        const content = folder.files.get(from ?? '');
        if (from === undefined || content === undefined || folder.files.has(one.path)) return;
        if (one.do === 'copy') this.alive.delete(content);
        else folder.files.delete(from);
        // A name that cannot be had leaves the file where it was.
        folder.files.set(folder.hasRoomFor(one.path) ? one.path : from, content);
        break;
      }
      case 'sync':
        this.#pending.delete(one.device);
        folder.sync();
        break;
      case 'receive':
        this.#pending.set(one.device, folder.receive());
        break;
      case 'send': {
        const pushes = this.#pending.get(one.device) ?? [];
        this.#pending.delete(one.device);
        const sent = Math.min(one.sent, pushes.length);
        folder.send(pushes, sent, Math.min(one.answered, sent));
      }
    }
  }

  #content(): string {
    this.#written += 1;
    return this.#written.toString(16).padStart(6, '0');
  }

  #write(folder: ModelFolder, path: string, content: string): void {
    if (!folder.hasRoomFor(path)) return;
    this.#let(folder, path);
    folder.write(path, content);
    this.alive.add(folder.files.get(path) ?? '');
  }

  /** Somebody overwrites or removes what stands there: nobody need keep it. */
  #let(folder: ModelFolder, path: string | undefined): void {
    const content = folder.files.get(path ?? '');
    if (path === undefined || content === undefined) return;
    folder.files.delete(path);
    this.alive.delete(content);
  }

  settle(): void {
    for (let round = 0; round < 12; round++) {
      for (const folder of this.folders) folder.sync();
      if (this.folders.every((folder) => folder.isQuiet)) return;
    }
    throw new Error('The folders do not come to rest.');
  }
}

function pick(folder: ModelFolder, index: number): string | undefined {
  const paths = [...folder.files.keys()].sort();
  return paths[index % Math.max(paths.length, 1)];
}

const sorted = (files: ReadonlyMap<string, string>) => [...files].sort();

describe('folders of one group', () => {
  it('come to hold the same, whatever happened and whenever a program died, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
        const world = new World();
        for (const one of steps) world.run(one);
        world.settle();
        const [first, ...others] = world.folders.map((folder) => sorted(folder.files));
        for (const other of others) expect(other).toEqual(first);
        expect(sorted(world.group.files())).toEqual(first);
        expect(world.group.count).toBe(first?.length);
        const contents = new Set(first?.map(([, content]) => content));
        expect([...world.alive].filter((content) => !contents.has(content))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });
});
