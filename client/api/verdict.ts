import type { ChangeResult } from '../../shared/protocol/changes.ts';
import type { OpenResource } from '../changes.ts';
import type { ResourceRefused } from '../refusals.ts';

/** What became of one draft. */
export interface Verdict extends Omit<ChangeResult, 'current'> {
  /** With `conflict`: what stands there instead, if the answer brought it; else a pull does. */
  readonly current?: OpenResource;
  /** Why `current` is not there although the answer brought it: it did not open. */
  readonly refused?: ResourceRefused;
}
