import { styleText } from 'node:util';
import type { Log, LogFields } from '../shared/platform/log.ts';
import { describeFunction, type ListedFunction } from './function-list.ts';
import type { CaughtMail } from './mailbox.ts';
import type { Stack } from './stack.ts';

type Style = Parameters<typeof styleText>[0];

/** What `npm start` prints. Colours only where the stream is a terminal, and NO_COLOR is not set. */
export function terminal(stream: NodeJS.WriteStream) {
  const colour = (style: Style, text: string) => styleText(style, text, { stream });
  const print = (line: string) => void stream.write(`${line}\n`);

  // Our own probe before that is nobody's call.
  let ready = false;

  const log: Log = {
    write: (severity, message, fields = {}) => {
      if (isCall(fields)) {
        if (ready) print(callLine(fields, colour));
      } else print(colour(severity === 'ERROR' ? 'red' : 'dim', `  ${message}`));
      if (severity === 'ERROR' && typeof fields.stack === 'string') print(colour('red', fields.stack));
    },
  };
  return {
    log,
    mail: ({ to, subject }: CaughtMail) => print(`  ${colour('magenta', '✉ mail')}  ${to}  ${colour('dim', subject)}`),
    ready: ({ url, functions }: Stack, dataDir: string | undefined) => {
      ready = true;
      print('');
      for (const line of table(functions, colour, stream.columns)) print(line);
      print('');
      for (const [name, path] of places) print(`  ${name.padEnd(13)}${colour('cyan', `${url}${path}`)}`);
      print(`  ${'Data'.padEnd(13)}${dataDir ?? colour('dim', 'in memory; keep it with --data DIR')}`);
      print(`  ${'Stop'.padEnd(13)}Ctrl-C`);
      print('');
      print(`nightvault ready ${url}`);
      print('');
    },
    stopped: () => print(colour('dim', 'stopped')),
  };
}

const places = [
  ['Look inside', '/'],
  ['Your vault', '/vault'],
  ['Mailbox', '/_local/mail'],
  ['Store', '/_local/store'],
] as const;

type Colour = (style: Style, text: string) => string;

const accessStyles = {
  public: 'green',
  writeKey: 'green',
  session: 'yellow',
  internal: 'dim',
} as const satisfies Record<string, Style>;

/** @param columns - of the terminal, where it is one: lines are cut to it */
function table(functions: readonly ListedFunction[], colour: Colour, columns = Number.POSITIVE_INFINITY): string[] {
  const width = Math.max(...functions.map(({ url }) => url.length));
  return functions.map((listed) => {
    const { method, url, access } = listed;
    const what = describeFunction(listed);
    const room = columns - width - 18;
    const short = room < 20 ? '' : what.length > room ? `${what.slice(0, room - 1)}…` : what;
    return `  ${colour('bold', method.padEnd(5))}${url.padEnd(width + 2)}${colour(accessStyles[access], access.padEnd(9))}${colour('dim', short)}`;
  });
}

interface Call extends LogFields {
  readonly function: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
  /** Documents, as Firestore bills them. */
  readonly reads: number;
  readonly writes: number;
}

/** The line that the platform writes for every call. */
const isCall = (fields: LogFields): fields is Call =>
  typeof fields.function === 'string' && typeof fields.status === 'number' && typeof fields.reads === 'number';

function callLine({ method, function: name, status, durationMs, reads, writes, code }: Call, colour: Colour): string {
  const style = status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green';
  const time = colour('dim', `${String(durationMs).padStart(5)} ms`);
  const documents = colour('dim', `${String(reads).padStart(5)} r${String(writes).padStart(4)} w`);
  return `  ${method.padEnd(5)}${name.padEnd(28)}${colour(style, String(status))}${time}${documents}${code ? `  ${colour(style, String(code))}` : ''}`;
}
