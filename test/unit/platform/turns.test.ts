import { turns } from '../../../shared/platform/turns.ts';

/** A task that lasts until it is let go. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('together', () => {
  it('does at once what came while something was being done, up to a limit, each once', async () => {
    const { together } = turns();
    const batches: number[][] = [];
    const first = gate();
    const run = async (things: readonly number[]) => {
      batches.push([...things]);
      if (batches.length === 1) await first.opened;
    };
    const begun = together('a', 0, 3, run);
    await Promise.resolve();
    await new Promise(setImmediate);
    const rest = [1, 2, 3, 4, 5, 6, 7].map((n) => together('a', n, 3, run));
    await new Promise(setImmediate);
    expect(batches).toEqual([[0]]);
    first.open();
    await Promise.all([begun, ...rest]);
    expect(batches).toEqual([[0], [1, 2, 3], [4, 5, 6], [7]]);
  });

  it('lets all that were done together fail together, and what comes after go on', async () => {
    const { together } = turns();
    const run = async (things: readonly number[]) => {
      if (things.includes(2)) throw new Error('two');
    };
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map((n) => together('a', n, 2, run)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
    await expect(together('a', 5, 2, run)).resolves.toBeUndefined();
  });

  it('keeps kinds apart', async () => {
    const { together } = turns();
    const never = gate();
    void together('a', 1, 9, () => never.opened);
    await expect(together('b', 1, 9, async () => {})).resolves.toBeUndefined();
    never.open();
  });
});
