import type { World } from './context.ts';

/** What others on the way to a server see, as a sentence; undefined when nobody stands there or they see nothing. */
export function exposure(base: string): string | undefined {
  const { protocol, hostname } = new URL(base);
  if (protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return undefined;
  return `${base} is not encrypted on the way: whoever stands between sees your session, addresses and names.`;
}

/** Before a passphrase is used with a server for the first time. */
export function warnOfExposure(base: string, { stderr }: Pick<World, 'stderr'>): void {
  const exposed = exposure(base);
  if (exposed !== undefined) stderr(`nightvault: ${exposed} Use https://.\n`);
}
