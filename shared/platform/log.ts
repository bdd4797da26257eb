import { types } from 'node:util';

/** As Cloud Logging reads it from standard output. */
export type Severity = 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR';

/** Values that identify or count. Never a body, a token, a key or a mail's text. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  write(severity: Severity, message: string, fields?: LogFields): void;
}

/** One JSON object a line; `trace` ties the lines of one request together in Cloud Logging. */
export function jsonLog(write: (line: string) => void): Log {
  return {
    write: (severity, message, fields = {}) => {
      const { trace, ...rest } = fields;
      const linked = trace === undefined ? {} : { 'logging.googleapis.com/trace': trace };
      write(`${JSON.stringify({ severity, message, ...rest, ...linked })}\n`);
    },
  };
}

/** The code of an error, Node's own ones included, whose class is not always that of this module's realm. */
export const errorCode = (error: unknown): string | undefined =>
  types.isNativeError(error) && 'code' in error ? String(error.code) : undefined;

/** An error's name, code, message and stack, for the log only: none of it is ever answered. */
export function errorFields(error: unknown): LogFields {
  if (!types.isNativeError(error)) return { error: typeof error };
  return { error: error.name, errorCode: errorCode(error), errorMessage: error.message, stack: error.stack };
}
