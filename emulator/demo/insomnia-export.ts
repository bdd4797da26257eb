import { readFile } from 'node:fs/promises';
import { frameType, splitExport } from '../../client/insomnia/export-file.ts';
import type { InsomniaResource } from '../../client/insomnia/resource.ts';

/** The items of an Insomnia export file. @throws when the file is missing or is no such file */
export async function readInsomniaExport(file: URL): Promise<InsomniaResource[]> {
  const { resources } = await splitExport(await readFile(file, 'utf8'));
  return resources.filter(({ type }) => type !== frameType);
}
