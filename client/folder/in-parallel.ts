/** Does something with each, some at a time, and waits for all; after the first failure nothing more is begun. */
export async function inParallel<T>(
  all: readonly T[],
  atOnce: number,
  work: (each: T) => Promise<void>,
): Promise<void> {
  const rest = all.values();
  let failed = false;
  const worker = async () => {
    for (const each of rest) {
      if (failed) return;
      try {
        await work(each);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, all.length) }, worker));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}
