import type * as classes from './errors.ts';

type Classes = typeof classes;
type Instance<Class> = Class extends new (...args: never) => infer Made ? Made : never;

/**
 * Everything that this client throws, but a `TypeError` for a wrong use and the reason of an aborted signal: each class of
 * `errors.ts`. One class a meaning, and `code` is a literal: a `switch` on it can be exhaustive. The codes of `CallFailed`
 * are the server's.
 */
export type NightvaultError = { [Name in keyof Classes]: Instance<Classes[Name]> }[keyof Classes];
