import { parse, stringify } from 'yaml';
import { InsomniaFileRefused } from './failures.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/** How a file was written, as far as it matters to write it again to the byte. */
export interface Style {
  readonly syntax: 'json' | 'yaml';
  /** Of JSON: what one level is indented by; none means all in one line. */
  readonly indent?: number | '\t';
  /** Of YAML: long texts are not folded. */
  readonly unfolded?: true;
  /** What follows the document. */
  readonly end: string;
}

const styles: readonly Omit<Style, 'end'>[] = [
  { syntax: 'json' },
  { syntax: 'json', indent: 2 },
  { syntax: 'json', indent: '\t' },
  { syntax: 'json', indent: 4 },
  { syntax: 'yaml' },
  { syntax: 'yaml', unfolded: true },
];

/** @throws {InsomniaFileRefused} when the text is neither JSON nor YAML, or no object */
export function readText(text: string): { readonly value: JsonObject; readonly syntax: Style['syntax'] } {
  const bare = text.replace(/^\uFEFF/, '');
  const syntax = /^\s*\{/.test(bare) ? 'json' : 'yaml';
  const value = syntax === 'json' ? readJson(bare) : readYaml(bare);
  if (!isObject(value)) throw new InsomniaFileRefused('it holds no object');
  return { value, syntax };
}

/**
 * The style in which this value is exactly this text, as Insomnia's own serializers write it; the plainest of its syntax
 * where there is none.
 */
export function styleOf(text: string, value: Json, syntax: Style['syntax']): { style: Style; exact: boolean } {
  const ofSyntax = styles.filter((style) => style.syntax === syntax);
  for (const style of ofSyntax) {
    const written = writeText(value, { ...style, end: '' });
    const end = text.slice(written.length);
    if (/^\s*$/.test(end) && text.startsWith(written)) return { style: { ...style, end }, exact: true };
  }
  const plainest: Omit<Style, 'end'> = syntax === 'json' ? { syntax, indent: 2 } : { syntax };
  return { style: { ...plainest, end: syntax === 'json' ? '\n' : '' }, exact: false };
}

export function writeText(value: Json, { syntax, indent, unfolded, end }: Style): string {
  const text =
    syntax === 'json' ? JSON.stringify(value, null, indent) : stringify(value, unfolded ? { lineWidth: 0 } : {});
  return text + end;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InsomniaFileRefused('it begins like JSON and is none');
  }
}

function readYaml(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new InsomniaFileRefused(`it is no YAML (${reason})`);
  }
}
