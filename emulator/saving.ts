import { type DatabasePlace, exportDatabase } from './firestore-rest.ts';

/** Keeps a folder up to date with the database. */
export interface Saving {
  /** Something may have been written. */
  changed(): void;
  /** Saves a last time. */
  stop(): Promise<void>;
}

const interval = 5_000;

/** Exports the database every five seconds in which something changed (0.05 s of work), and once more at the end. */
export function keepSaved(place: DatabasePlace, folder: string): Saving {
  let dirty = false;
  let running: Promise<void> = Promise.resolve();
  const save = () => {
    if (!dirty) return running;
    dirty = false;
    running = running.then(() => exportDatabase(place, folder));
    return running;
  };
  // A failed export is tried again with the next change; the last one, at the end, is reported.
  const timer = setInterval(() => {
    save().catch(() => {
      dirty = true;
      running = Promise.resolve();
    });
  }, interval);
  timer.unref();
  return {
    changed: () => {
      dirty = true;
    },
    stop: async () => {
      clearInterval(timer);
      await save();
    },
  };
}
