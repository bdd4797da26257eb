import { SingleBar } from 'cli-progress';
import pc from 'picocolors';

/** Counts the steps of something long. */
export interface Progress {
  advance(steps: number): void;
  end(): void;
}

/** Tells the story on a stream: coloured where NO_COLOR is not set and it is a terminal, plain lines otherwise. */
export interface Narrator {
  readonly paint: ReturnType<typeof pc.createColors>;
  /** Characters in a line. */
  readonly columns: number;
  line(text?: string): void;
  chapter(title: string): void;
  /** A sentence of the story. */
  say(text: string): void;
  /** Something that has just been seen to be so. */
  seen(text: string): void;
  /** Something that was refused, as it should be. */
  refused(text: string): void;
  progress(label: string, total: number): Progress;
}

const widest = 112;
const narrowest = 60;

export function narrator(stream: NodeJS.WriteStream): Narrator {
  const paint = pc.createColors(stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb');
  const line = (text = '') => void stream.write(`${text}\n`);
  let chapters = 0;
  return {
    paint,
    // A terminal that does not know its width says 0.
    columns: Math.max(narrowest, Math.min(stream.columns || widest, widest)),
    line,
    chapter: (title) => {
      chapters += 1;
      line();
      line(paint.bold(`${paint.cyan(String(chapters).padStart(2))}  ${title}`));
    },
    say: (text) => line(`    ${text}`),
    seen: (text) => line(`    ${paint.green('✓')} ${text}`),
    refused: (text) => line(`    ${paint.yellow('✋')} ${text}`),
    progress: (label, total) => (stream.isTTY ? bar(stream, paint.cyan, label, total) : lines(line, label, total)),
  };
}

function bar(stream: NodeJS.WriteStream, colour: (text: string) => string, label: string, total: number): Progress {
  const shown = new SingleBar({
    format: `    ${label} ${colour('{bar}')} {value}/{total}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 32,
    hideCursor: true,
    stream,
  });
  shown.start(total, 0);
  return { advance: (steps) => shown.increment(steps), end: () => shown.stop() };
}

function lines(line: (text: string) => void, label: string, total: number): Progress {
  let done = 0;
  return {
    advance: (steps) => {
      done += steps;
    },
    end: () => line(`    ${label} ${done}/${total}`),
  };
}
