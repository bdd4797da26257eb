import type { Narrator } from './narrator.ts';

interface Column {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Two columns of text in a frame; long lines are broken, and what does not fit in `height` is counted. */
export function sideBySide({ line, columns, paint }: Narrator, left: Column, right: Column, height: number): void {
  const width = Math.floor((columns - 11) / 2);
  const [mine, theirs] = [wrapped(left.lines, width, height), wrapped(right.lines, width, height)];
  const rule = (start: string, middle: string, end: string) => {
    const part = '─'.repeat(width + 2);
    line(paint.dim(`    ${start}${part}${middle}${part}${end}`));
  };
  const row = (a: string, b: string, colour: (text: string) => string, other = colour) => {
    const edge = paint.dim('│');
    line(`    ${edge} ${colour(a.padEnd(width))} ${edge} ${other(b.padEnd(width))} ${edge}`);
  };
  rule('┌', '┬', '┐');
  row(left.title, right.title, paint.bold);
  rule('├', '┼', '┤');
  for (let at = 0; at < Math.max(mine.length, theirs.length); at++) {
    row(mine[at] ?? '', theirs[at] ?? '', paint.green, paint.magenta);
  }
  rule('└', '┴', '┘');
}

function wrapped(lines: readonly string[], width: number, height: number): string[] {
  const broken = lines.flatMap((text) => text.match(new RegExp(`.{1,${width}}`, 'gu')) ?? ['']);
  if (broken.length <= height) return broken;
  const rest = broken.slice(height - 1).reduce((sum, text) => sum + text.length, 0);
  return [...broken.slice(0, height - 1), `… and ${rest.toLocaleString('en')} more characters`];
}
