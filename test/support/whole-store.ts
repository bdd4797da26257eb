import { everyDocument } from '../../emulator/firestore-rest.ts';

/** A document of the store: its path, and all of it as one text to search in, path included. */
export interface WholeDocument {
  readonly path: string;
  readonly text: string;
}

/** Every document of every collection, recursively, with all fields; bytes as base64. */
export async function wholeStore({ projectId }: { readonly projectId: string }): Promise<WholeDocument[]> {
  const documents = await everyDocument({ host: process.env.FIRESTORE_EMULATOR_HOST ?? '', projectId });
  return documents.map(({ name, fields = {} }) => {
    const path = name.split('/').slice(5).join('/');
    return { path, text: `${path} ${JSON.stringify(fields)}` };
  });
}

/** The ids of the collections a document lies in, its own last. */
export const collectionsOf = (path: string): string[] => path.split('/').filter((_, index) => index % 2 === 0);
