import { type AnyFunction, everyOperation, type HttpFunction } from '../shared/platform/definition.ts';

/** What a deployment with a single HTTP function calls it; the others stand behind its name: `/nightvault/NAME`. */
export const singleName = 'nightvault';

/** Those that clients call. Operators' functions stay apart, for IAM guards whole functions. */
export const togetherInSingle = (registry: readonly AnyFunction[]): HttpFunction[] =>
  registry.filter((entry) => entry.trigger === 'http').filter(isOpen);

/** Whether anybody may call it, as far as IAM goes. */
export const isOpen = (entry: HttpFunction): boolean =>
  everyOperation(entry).some(({ operation }) => operation.access !== 'internal');
