import { element } from './dom.ts';

/** Milliseconds after which every browser has begun to read what it was told to save. */
const patience = 60_000;

/** Has the browser save some bytes, under the last name of a path. */
export function save(bytes: Blob, path: string): void {
  const href = URL.createObjectURL(bytes);
  element('a', { href, download: path.slice(path.lastIndexOf('/') + 1) }).click();
  setTimeout(() => URL.revokeObjectURL(href), patience);
}
