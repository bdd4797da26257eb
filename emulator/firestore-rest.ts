import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One database of a running Firestore emulator. */
export interface DatabasePlace {
  /** `host:port` */
  readonly host: string;
  readonly projectId: string;
}

/** The emulator answers JSON requests only where they say that they are JSON, and lets its owner see everything. */
async function post({ host }: DatabasePlace, path: string, body: object): Promise<unknown> {
  const response = await fetch(`http://${host}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer owner' },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`The Firestore emulator answered POST ${path} with ${response.status}: ${await response.text()}`);
  return response.json();
}

const databaseName = ({ projectId }: DatabasePlace) => `projects/${projectId}/databases/(default)`;

/** A value as Firestore's REST API writes it: `{stringValue: …}`. */
export type RestValue = Readonly<Record<string, unknown>>;

export interface RestDocument {
  /** `projects/P/databases/(default)/documents/PATH` */
  readonly name: string;
  readonly fields?: Readonly<Record<string, RestValue>>;
}

/** Documents asked for at once: the emulator gives up on answers of hundreds of megabytes, and a chunk of a blob has one. */
const pageSize = 60;

/** Every document of the database, by queries over all collections. */
export async function everyDocument(place: DatabasePlace): Promise<RestDocument[]> {
  const all: RestDocument[] = [];
  for (;;) {
    const last = all.at(-1);
    const structuredQuery = {
      from: [{ allDescendants: true }],
      orderBy: [{ field: { fieldPath: '__name__' } }],
      limit: pageSize,
      ...(last && { startAt: { before: false, values: [{ referenceValue: last.name }] } }),
    };
    const rows = await post(place, `/v1/${databaseName(place)}/documents:runQuery`, { structuredQuery });
    const page = (rows as { document?: RestDocument }[]).flatMap(({ document }) => document ?? []);
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}

/** Names the newest complete export in the folder. */
const pointer = 'current';

/** Exports the database into the folder; the export before stays until this one is complete. */
export async function exportDatabase(place: DatabasePlace, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const name = `export-${Date.now()}`;
  await post(place, `/emulator/v1/projects/${place.projectId}:export`, {
    database: databaseName(place),
    export_directory: resolve(folder),
    export_name: name,
  });
  writeFileSync(join(folder, `${pointer}.new`), name);
  renameSync(join(folder, `${pointer}.new`), join(folder, pointer));
  for (const other of readdirSync(folder)) {
    if (other.startsWith('export-') && other !== name) rmSync(join(folder, other), { recursive: true, force: true });
  }
}

/** Imports the folder's newest complete export, if it has one. */
export async function importDatabase(place: DatabasePlace, folder: string): Promise<void> {
  const file = join(folder, pointer);
  if (!existsSync(file)) return;
  const name = readFileSync(file, 'utf8');
  await post(place, `/emulator/v1/projects/${place.projectId}:import`, {
    database: databaseName(place),
    export_directory: resolve(folder, name, `${name}.overall_export_metadata`),
  });
}
