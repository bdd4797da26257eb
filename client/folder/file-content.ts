import type { FileContent } from './file-format.ts';

/** The shorter spelling of some bytes, as the encryption counts: it writes one ASCII character for what a URL may hold. */
export function spell(bytes: Buffer): Pick<FileContent, 'text' | 'base64'> {
  const base64 = bytes.toString('base64url');
  const text = bytes.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(bytes);
  if (isText && encodeURIComponent(JSON.stringify(text)).length <= base64.length) return { text };
  return { base64 };
}

/** @returns undefined when the content is elsewhere */
export function unspell({ text, base64 }: FileContent): Buffer | undefined {
  if (text !== undefined) return Buffer.from(text, 'utf8');
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64url');
}
