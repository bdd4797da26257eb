/** Something that the person at the keyboard can put right. The message is the whole sentence to show. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
  }
}

/** The `code` of Node's system errors: `ENOENT`, `EADDRINUSE`, … They need not be Errors of this realm. */
export function systemCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
