import type { Group as GroupKeys } from '../group.ts';
import type { Until } from './context.ts';

/** What the parts of a group need of it: its keys as they are now, and a way to newer ones. */
export interface OpenGroup {
  readonly id: string;
  readonly keyEpoch: number;
  readonly keys: GroupKeys;
  refresh(until?: Until): Promise<void>;
}
