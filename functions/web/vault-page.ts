import { type Operation, publicOperation } from '../../shared/platform/operation.ts';
import type { Frame } from '../../shared/platform/pages.ts';
import { page as wire } from '../../shared/protocol/pages.ts';
import { card, escapeHtml, page } from './html.ts';

/** A GET that answers with the vault's page. By its address the page knows what it was opened for. */
export const vaultPage = (summary: string, title: string): Operation =>
  publicOperation({
    summary,
    ...wire,
    success: 200,
    page: { when: 'always', draw: (_output, frame) => draw(title, frame) },
    handle: async (input) => input,
  });

/** What the vault's script fills. The same for everybody: nothing of anybody's is in it. */
function draw(title: string, frame: Frame): string {
  const body = `<h1>${escapeHtml(title)}</h1>
<p class="lead" id="opening" hidden>Opening the vault…</p>
<noscript><p class="notice bad">Your keys are used in your browser only, and for that this page needs scripts. Allow them for this address, or use the <code>nightvault</code> command.</p></noscript>`;
  return page(title, card(frame, body), frame, 'vault');
}
