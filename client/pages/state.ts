import type { Person } from './worker/entering.ts';

/** What the page was opened for. */
export type Purpose =
  | { readonly kind: 'vault' }
  | { readonly kind: 'invite'; readonly code: string | undefined }
  | { readonly kind: 'reset'; readonly code: string | undefined };

interface State {
  /** Who is logged in on this page. */
  person: Person | undefined;
  purpose: Purpose;
  /** A word for the next view to show. */
  notice: string | undefined;
}

/** In memory only: closing or loading the page logs out. */
export const state: State = { person: undefined, purpose: { kind: 'vault' }, notice: undefined };

const codes = /^#([A-Za-z0-9_-]{43})$/;

/** Reads what the link in a mail says, and takes its code out of the address bar and the history. */
export function readPurpose(): Purpose {
  const code = codes.exec(location.hash)?.[1];
  if (code !== undefined) history.replaceState(null, '', location.pathname);
  if (location.pathname.endsWith('/invite-accept')) return { kind: 'invite', code };
  if (location.pathname.endsWith('/passphrase-reset-finish')) return { kind: 'reset', code };
  return { kind: 'vault' };
}
