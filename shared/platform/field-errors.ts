import type { z } from 'zod';
import type { FieldError } from '../protocol/problems.ts';

const shown = 20;

/** zod's issues as JSON pointers (RFC 6901) with a sentence each; never the value itself, which may be a secret. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.slice(0, shown).map((issue) => ({
    path: issue.path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    message: issue.message,
  }));
}
