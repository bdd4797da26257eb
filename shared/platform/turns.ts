/** Lets what is done under one name in this process be done one after the other, in the order asked. */
export interface Turns {
  take<T>(name: string, run: () => Promise<T>): Promise<T>;
  /** Whether something is being done under the name now. */
  isTaken(name: string): boolean;
}

export function turns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    isTaken: (name) => last.has(name),
    take: async (name, run) => {
      const before = last.get(name) ?? Promise.resolve();
      const mine = before.then(run, run);
      last.set(name, mine);
      try {
        return await mine;
      } finally {
        if (last.get(name) === mine) last.delete(name);
      }
    },
  };
}
