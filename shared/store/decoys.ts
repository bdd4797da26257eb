import { collection } from './database.ts';

/** What is written for an address so that it costs what another costs. Nobody reads it; its strings are filler. */
export interface Decoy {
  readonly expiresAt: Date;
}

export const decoys = collection<Decoy>('decoys');
