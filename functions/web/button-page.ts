import { escapeHtml, page } from './html.ts';

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
 * place, in words; without, the form posts and the answer is a page of its own.
 */
export function buttonPage({ title, lead, button, action, token, done, expired, footer }: ButtonPage): string {
  return page(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(lead)}</p>
<form method="post" action="${escapeHtml(action)}" data-done="${escapeHtml(done)}" data-expired="${escapeHtml(expired)}">
<input type="hidden" name="token" value="${escapeHtml(token)}">
<button>${escapeHtml(button)}</button>
</form>
<p id="outcome" role="status" aria-live="polite" style="margin-top:16px"></p>
<footer>${escapeHtml(footer)}</footer>
<script>
const form = document.querySelector('form');
const outcome = document.getElementById('outcome');
const button = form.querySelector('button');
const say = (text, tone) => { outcome.textContent = text; outcome.className = tone; };
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  say('One moment…', '');
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ token: form.token.value }),
    });
    const body = await answer.json();
    if (answer.ok) {
      say(form.dataset.done, 'good');
      button.remove();
    } else if (body.code === 'TOKEN_EXPIRED') {
      say(body.detail + ' ' + form.dataset.expired, 'bad');
      button.remove();
    } else if (answer.status === 409) {
      say(body.detail, 'bad');
      button.remove();
    } else {
      say(body.detail + ' Please try again.', 'bad');
      button.disabled = false;
    }
  } catch {
    say('The server did not answer. Check your connection and try again.', 'bad');
    button.disabled = false;
  }
});
</script>`,
  );
}

/** The outcome, for a browser without scripts. */
export const donePage = (title: string, heading: string, text: string): string =>
  page(title, `<h1>${escapeHtml(heading)}</h1>\n<p class="good">${escapeHtml(text)}</p>`);
