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

/** An error's name, code, message and stack, for the log only: none of it is ever answered. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error ? String(error.code) : undefined;
  return { error: error.name, errorCode: code, errorMessage: error.message, stack: error.stack };
}
