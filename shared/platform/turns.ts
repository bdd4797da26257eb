/** Lets what is done under one name in this process be done one after the other, in the order asked. */
export interface Turns {
  take<T>(name: string, run: () => Promise<T>): Promise<T>;
  /** Whether something is being done under the name now. */
  isTaken(name: string): boolean;
  /**
   * Lets things of one kind be done together: those that come while some are being done wait, and are then done at once,
   * up to `most` of them. Whoever hands one in succeeds or fails with all that were done with it.
   */
  together<T>(name: string, thing: T, most: number, run: (things: readonly T[]) => Promise<void>): Promise<void>;
}

export function turns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  const open = new Map<string, { readonly things: unknown[]; readonly done: Promise<void> }>();
  const take: Turns['take'] = async (name, run) => {
    const before = last.get(name) ?? Promise.resolve();
    const mine = before.then(run, run);
    last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (last.get(name) === mine) last.delete(name);
    }
  };
  return {
    isTaken: (name) => last.has(name),
    take,
    together: <T>(name: string, thing: T, most: number, run: (things: readonly T[]) => Promise<void>) => {
      const waiting = open.get(name);
      if (waiting !== undefined && waiting.things.length < most) {
        waiting.things.push(thing);
        return waiting.done;
      }
      const things = [thing];
      const done = take(name, () => {
        if (open.get(name)?.things === things) open.delete(name);
        return run(things);
      });
      open.set(name, { things, done });
      return done;
    },
  };
}
