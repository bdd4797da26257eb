import { readFile } from 'node:fs/promises';
import * as z from 'zod';

const exported = z.object({
  _type: z.literal('export'),
  __export_format: z.literal(4),
  resources: z.array(
    z.looseObject({
      _id: z.string(),
      _type: z.string(),
      modified: z.int(),
      name: z.string().optional(),
      fileName: z.string().optional(),
    }),
  ),
});

/** One item of an Insomnia project, ready to be encrypted. */
export interface ProjectItem {
  readonly id: string;
  /** Insomnia's name for it: `Request`, `RequestGroup`, `Environment`, … */
  readonly type: string;
  readonly name: string;
  readonly lastEdited: number;
  /** The whole item as JSON. */
  readonly content: string;
}

/** Reads an Insomnia v4 export file. @throws when the file is missing or is no such file */
export async function readInsomniaExport(file: URL): Promise<ProjectItem[]> {
  const { resources } = exported.parse(JSON.parse(await readFile(file, 'utf8')));
  return resources.map(({ _type, ...item }) => {
    const type = modelName(_type);
    const { _id: id, modified: lastEdited, name, fileName } = item;
    return { id, type, name: name ?? fileName ?? type, lastEdited, content: JSON.stringify({ ...item, type }) };
  });
}

/** `unit_test_suite` in a file is `UnitTestSuite` in the program. */
function modelName(exportedType: string): string {
  return exportedType
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
