import type { Child } from './dom.ts';

/** What is shown under one address. */
export interface Leaf {
  readonly title: string;
  /** Before the heading: the way back. */
  readonly above?: HTMLElement;
  readonly body: readonly Child[];
  /** One column as wide as a form. */
  readonly narrow?: boolean;
}
