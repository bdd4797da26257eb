import { build } from 'esbuild';
import { browserBuild } from '../../functions/bundle/pages.ts';

let building: Promise<string> | undefined;

/** The worker in which the people of the page live, built when a browser first asks for it. */
export function playWorker(): Promise<string> {
  building ??= build({ ...browserBuild, entryPoints: ['emulator/play/worker.ts'] }).then(
    ({ outputFiles }) => outputFiles[0]?.text ?? '',
  );
  return building;
}
