import type { Frame } from '../../shared/platform/pages.ts';
import { card, escapeHtml, page } from './html.ts';

interface ButtonPage {
  readonly title: string;
  /** What pressing does. */
  readonly lead: string;
  readonly button: string;
  /** The function that the button calls, with the token. */
  readonly action: string;
  readonly token: string;
  /** What is said when it was done; when the token was used or is too old, behind the problem's own words. */
  readonly done: string;
  readonly expired: string;
  /** For somebody who did not expect the mail. */
  readonly footer: string;
}

/**
 * The page behind a mail's link. Opening it changes nothing; its button does. With scripts the outcome shows in
 * place, in words, and the token leaves the address bar; without, the form posts and the answer is a page of its own.
 */
export function buttonPage(
  { title, lead, button, action, token, done, expired, footer }: ButtonPage,
  frame: Frame,
): string {
  const body = `<h1>${escapeHtml(title)}</h1>
<p class="lead before">${escapeHtml(lead)}</p>
<form class="press" method="post" action="${escapeHtml(action)}" data-done="${escapeHtml(done)}" data-expired="${escapeHtml(expired)}">
<input type="hidden" name="token" value="${escapeHtml(token)}">
<button>${escapeHtml(button)}</button>
</form>
<p id="outcome" class="notice" role="status"></p>
<p class="aside before">${escapeHtml(footer)}</p>`;
  return page(title, card(frame, body), frame, 'button');
}

/** For a link that a mail program has cut off, or that somebody has copied in part. */
export function cutOffPage(frame: Frame): string {
  const title = 'This link is not whole';
  const body = `<h1>${title}</h1>
<p class="notice bad">A part of its code is missing. Nothing was done.</p>
<p>Open the link in the mail once more. If it stands there on two lines, copy both into the address bar, one right behind the other.</p>`;
  return page(title, card(frame, body), frame);
}

/** The outcome, for a browser without scripts. */
export function donePage(title: string, heading: string, text: string, frame: Frame): string {
  const body = `<h1>${escapeHtml(heading)}</h1>
<p class="notice good">${escapeHtml(text)}</p>
<p><a class="button wide" href="${escapeHtml(frame.base)}vault">Log in</a></p>`;
  return page(title, card(frame, body), frame);
}
