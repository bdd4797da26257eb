import * as z from 'zod';
import type { OpenResource } from '../../client/changes.ts';

const requestContent = z.looseObject({
  name: z.string(),
  method: z.string(),
  url: z.string(),
  description: z.string(),
  authentication: z.looseObject({ token: z.string().optional() }),
  body: z.looseObject({ text: z.string().optional() }),
});

/** An Insomnia request, as far as the demo looks into it. */
export type RequestContent = z.infer<typeof requestContent>;

/** @throws when the resource is no request */
export const requestIn = ({ content }: OpenResource): RequestContent => requestContent.parse(JSON.parse(content));

/** Field by field: mine where I changed it, theirs everywhere else. */
export function mergeFields(base: RequestContent, mine: RequestContent, theirs: RequestContent): RequestContent {
  const changed = Object.entries(mine).filter(([field, value]) => !same(value, base[field]));
  return { ...theirs, ...Object.fromEntries(changed) };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
