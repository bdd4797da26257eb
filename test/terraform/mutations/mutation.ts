/** A fault that somebody could make in the HCL, and the check that must find it. */
export interface Mutation {
  readonly what: string;
  readonly file: string;
  /** Stands in the file exactly once; empty to put something at its end. */
  readonly find: string;
  readonly put: string;
  readonly caughtBy: string;
  /** What the check says. */
  readonly saying: RegExp;
  /** What shows it: by default the deployment as it comes. */
  readonly scenario?: 'everything' | 'single';
  /** It hides others of its kind: those that do are looked at in a round of their own. */
  readonly hides?: true;
}
