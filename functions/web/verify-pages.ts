import { escapeHtml, page } from './html.ts';

/**
 * The page behind the mail's link. Opening it changes nothing; its button does. With scripts the outcome shows in
 * place, in words; without, the form posts and the answer is a page of its own.
 */
export function verifyPage(token: string): string {
  return page(
    'Verify your address',
    `<h1>Verify your address</h1>
<p>One press, and your Nightvault account can log in.</p>
<form method="post" action="account-verify">
<input type="hidden" name="token" value="${escapeHtml(token)}">
<button>Verify this address</button>
</form>
<p id="outcome" role="status" aria-live="polite" style="margin-top:16px"></p>
<footer>If you did not sign up, close this page: nothing has happened yet.</footer>
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
      say('Your address is verified. You can close this page and log in.', 'good');
      button.remove();
    } else if (body.code === 'TOKEN_EXPIRED') {
      say(body.detail + ' If you pressed the button before, just log in; otherwise ask your app for a new mail.', 'bad');
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

export function verifiedPage(): string {
  return page(
    'Verified',
    `<h1>Your address is verified</h1>
<p class="good">You can close this page and log in.</p>`,
  );
}
