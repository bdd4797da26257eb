import type * as z from 'zod';

/** What a mail says. Both its parts are made of this, so they say the same. Plain text throughout: it is escaped later. */
export interface MailText {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly action?: { readonly label: string; readonly url: string };
  /** The last line: why this person gets this mail. */
  readonly why: string;
}

interface TemplateSpec<Values extends z.ZodType> {
  readonly values: Values;
  /** Milliseconds after which it is of no use any more, and is not sent. */
  readonly usefulFor: number;
  /** @param baseUrl - what stands before a function's name, without a slash at the end */
  write(values: z.output<Values>, baseUrl: string): MailText;
}

export interface Template<Values extends z.ZodType = z.ZodType> {
  readonly values: Values;
  readonly usefulFor: number;
  /** @throws ZodError when the values are not the template's */
  text(values: unknown, baseUrl: string): MailText;
}

export function template<Values extends z.ZodType>({
  values,
  usefulFor,
  write,
}: TemplateSpec<Values>): Template<Values> {
  return { values, usefulFor, text: (raw, baseUrl) => write(values.parse(raw), baseUrl) };
}
