/** The page behind a mail's link: one button, and the outcome in words. Without this script the form posts by itself. */
const form = document.querySelector('form');
const outcome = document.getElementById('outcome');
const button = form?.querySelector('button');

// The token is in the form: it need not stay in the address bar and the history.
history.replaceState(null, '', location.pathname);

function say(text: string, tone: 'good' | 'bad' | ''): void {
  if (outcome === null) return;
  outcome.textContent = text;
  outcome.className = `notice ${tone}`;
}

interface Answer {
  readonly code?: string;
  readonly detail?: string;
}

async function press(target: HTMLFormElement): Promise<{ text: string; tone: 'good' | 'bad'; again: boolean }> {
  const { done = '', expired = '' } = target.dataset;
  const response = await fetch(target.action, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ token: new FormData(target).get('token') }),
  });
  const { code, detail = '' }: Answer = await response.json();
  if (response.ok) return { text: done, tone: 'good', again: false };
  if (code === 'TOKEN_EXPIRED') return { text: `${detail} ${expired}`, tone: 'bad', again: false };
  if (response.status === 409) return { text: detail, tone: 'bad', again: false };
  return { text: `${detail} Please try again.`, tone: 'bad', again: true };
}

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (button?.getAttribute('aria-disabled') === 'true') return;
  button?.setAttribute('aria-disabled', 'true');
  say('One moment…', '');
  const unreachable = {
    text: 'The server did not answer. Check your connection and try again.',
    tone: 'bad' as const,
    again: true,
  };
  const { text, tone, again } = await press(form).catch(() => unreachable);
  say(text, tone);
  if (again) button?.removeAttribute('aria-disabled');
  else conclude();
});

/** What was said of a press that is still to come is true no more. */
function conclude(): void {
  for (const before of document.querySelectorAll('.before')) before.remove();
  form?.remove();
  const next = enter();
  outcome?.after(next);
  next.focus();
}

/** What comes next, whether it was done now or before. */
function enter(): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = 'vault';
  link.className = 'button primary wide';
  link.textContent = 'Log in';
  return link;
}
