/** Documents that a call reads and writes in Firestore. */
export interface OperationCost {
  readonly reads: number;
  readonly writes: number;
}

/** Every version is written twice, as what stands and into the history. */
const writesPerChange = 2;

/** What calls cost: tests hold them to it, and the price list of a deployment is computed from it. */
export const operationCosts = {
  /** All three calls together, at most. */
  login: { reads: 4, writes: 3 },
  whoami: { reads: 2, writes: 0 },
  /** @param written - how many of the changes were no conflicts */
  push: (changes: number, written = changes): OperationCost => ({
    reads: changes + 3,
    writes: written === 0 ? 0 : written * writesPerChange + 1,
  }),
  /** To each call that has one. */
  idempotencyKey: { reads: 0, writes: 1 },
  pull: (changes: number): OperationCost => ({ reads: changes + 3, writes: 0 }),
  /** At most. */
  syncCheck: (groups: number): OperationCost => ({ reads: 2 + 2 * groups, writes: 0 }),
  /** A usage event that comes alone. */
  usageEvent: { reads: 2, writes: 2 },
} as const;
