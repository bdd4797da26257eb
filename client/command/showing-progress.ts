import cliProgress from 'cli-progress';
import type { SyncProgress } from '../folder/sync.ts';
import type { Context } from './context.ts';

const names: Readonly<Record<SyncProgress['phase'], string>> = {
  look: 'Looking',
  pull: 'Pulling',
  fetch: 'Fetching',
  place: 'Writing',
  push: 'Sending',
};

/** Shows how far work is, where somebody looks on. */
export interface Shown {
  readonly onProgress: (progress: SyncProgress) => void;
  stop(): void;
}

export function showProgress({ world, json }: Context): Shown {
  if (!world.isWatched || json) return { onProgress: () => {}, stop: () => {} };
  const format: cliProgress.GenericFormatter = (options, { progress, value, total }, { name, known, more }) =>
    known
      ? `${name} ${cliProgress.Format.BarFormat(progress, options)} ${value}/${total}${more}`
      : `${name} ${value === 0 ? '' : value}`;
  const bar = new cliProgress.SingleBar(
    { format, stream: process.stderr, hideCursor: true, clearOnComplete: true, etaBuffer: 50 },
    cliProgress.Presets.shades_classic,
  );
  let started = false;
  return {
    onProgress: ({ phase, done, total, bytes }) => {
      const more = bytes === undefined ? '' : `, ${(bytes / 1e6).toFixed(1)} MB of this one`;
      const shown = { name: names[phase].padEnd(8), known: total !== undefined, more };
      if (!started) bar.start(total ?? Math.max(done, 1), done, shown);
      started = true;
      bar.setTotal(total ?? Math.max(done, 1));
      bar.update(done, shown);
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
}
