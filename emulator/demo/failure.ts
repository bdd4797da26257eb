import { AnswerUnreadable, CallFailed, Unreachable } from '../../client/failures.ts';
import { problems } from '../../shared/protocol/problems.ts';
import { StartError } from '../start-error.ts';

/** A failure in three sentences. */
export interface Explanation {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

export function explain(error: unknown): Explanation {
  if (error instanceof CallFailed) {
    const { title, status, requestId } = error.problem;
    const known = Object.entries(problems).find(([code]) => code === error.code)?.[1];
    return {
      what: `The server refused a call: ${title} (${status} ${error.code}).`,
      why: error.message,
      remedy: `${known?.help ?? ''} The server's log has more under the request id ${requestId}.`.trim(),
    };
  }
  if (error instanceof StartError) {
    return { what: 'The demo cannot start.', why: error.message, remedy: 'See npm run demo -- --help.' };
  }
  if (error instanceof Unreachable || error instanceof AnswerUnreadable) {
    const remedy = 'Is the local stack still running? Start it with npm start, or leave --url out for a fresh one.';
    return { what: 'The server gave no answer to work with.', why: error.message, remedy };
  }
  return {
    what: 'Something was not as it should be.',
    why: error instanceof Error ? error.message : String(error),
    remedy: 'This is a fault of the demo or of the server: please report it with the lines above.',
  };
}
