let building: Promise<string> | undefined;

/** The worker in which the people of the page live, built when a browser first asks for it: a start need not wait for it. */
export function playWorker(): Promise<string> {
  building ??= buildWorker();
  return building;
}

async function buildWorker(): Promise<string> {
  const [{ build }, { browserBuild }] = await Promise.all([
    import('esbuild'),
    import('../../functions/bundle/pages.ts'),
  ]);
  const { outputFiles } = await build({ ...browserBuild, entryPoints: ['emulator/play/worker.ts'] });
  return outputFiles[0]?.text ?? '';
}
