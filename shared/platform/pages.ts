import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that a page loads. */
export interface PageFile {
  /** Its media type. */
  readonly type: string;
  readonly text: string;
}

/** How a page names a file, and what the browser compares it with before it uses it. */
export interface FileReference {
  /** Holds a hash of the content, so what has this name never changes. */
  readonly name: string;
  /** Subresource Integrity. */
  readonly integrity: string;
}

/** Scripts that a page can have: one function's button, or the whole vault. */
export type PageScript = 'button' | 'vault';

/** Everything that pages load, built from `client/pages`. */
export interface BuiltPages {
  readonly scripts: Readonly<Record<PageScript, FileReference>>;
  readonly style: FileReference;
  readonly icon: FileReference;
  /** By name. Left out where a function only names them. */
  readonly files?: Readonly<Record<string, PageFile>>;
}

export type Pages = () => Promise<BuiltPages>;

/** What a page is drawn with. */
export interface Frame {
  readonly pages: BuiltPages;
  /** The path before a function's name, with a slash at both ends. */
  readonly base: string;
}

/** The name of the file beside a bundle's code that holds its {@link BuiltPages}. */
export const pagesFile = 'pages.json';

/** The pages that were bundled with the code in this folder, read at their first use. */
export function bundledPages(folder: string): Pages {
  let reading: Promise<BuiltPages> | undefined;
  return () => {
    reading ??= readFile(join(folder, pagesFile), 'utf8').then((text) => JSON.parse(text) as BuiltPages);
    return reading;
  };
}
