import type { ExitName } from './exit-codes.ts';

/** Why a command cannot be done, in three sentences. */
export class CommandFailed extends Error {
  static readonly code = 'COMMAND_FAILED';
  readonly code: string;
  readonly exit: ExitName;
  readonly why: string;
  readonly remedy: string;

  constructor(
    exit: ExitName,
    code: string,
    say: { readonly what: string; readonly why: string; readonly remedy: string },
  ) {
    super(say.what);
    this.name = 'CommandFailed';
    this.exit = exit;
    this.code = code;
    this.why = say.why;
    this.remedy = say.remedy;
  }
}

export const usage = (what: string, why: string, remedy: string): CommandFailed =>
  new CommandFailed('usage', 'USAGE', { what, why, remedy });
