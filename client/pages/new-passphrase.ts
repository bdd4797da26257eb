import { element } from './dom.ts';
import { actionButton, field } from './form.ts';
import { strengthOf } from './passphrase-strength.ts';
import { ask, Refused } from './remote.ts';

const verdicts = {
  weak: 'Too easy to guess. Add words, best at random.',
  fair: 'Fair. One or two words more make it strong.',
  strong: 'Strong.',
} as const;

/**
 * The fields for a passphrase that is chosen: how strong it is, a random one to take, and the same once more.
 * @param personal what a stranger would try first, asked when it is judged
 * @param label of the first field
 */
export function newPassphrase(personal: () => readonly string[], label = 'New passphrase') {
  const first = field({
    label,
    name: 'new-passphrase',
    type: 'password',
    autocomplete: 'new-password',
    hint: 'Nobody can give it back to you: what only you can open is lost with it. Keep it in a password manager.',
  });
  const second = field({
    label: 'The same passphrase again',
    name: 'new-passphrase-again',
    type: 'password',
    autocomplete: 'new-password',
  });
  const bar = element('div', { class: 'strength', 'aria-hidden': 'true' });
  const words = element('p', { class: 'hint', role: 'status' });
  const judge = () => {
    const { level } = strengthOf(first.input.value, personal());
    const empty = first.input.value === '';
    bar.dataset.level = empty ? '' : level;
    words.textContent = empty ? '' : verdicts[level];
  };
  first.input.addEventListener('input', judge);
  const suggest = actionButton('Suggest one', { class: 'small' }, async () => {
    first.input.value = await ask('suggestPassphrase');
    first.input.type = 'text';
    first.input.dispatchEvent(new Event('input'));
    second.input.focus();
  });
  const nodes = [first.node, element('div', { class: 'judged' }, bar, words, suggest), second.node];
  return { nodes, read: () => agreed(first.input, second.input, personal()) };
}

/** @throws {Refused} naming the field that is wrong */
function agreed(first: HTMLInputElement, second: HTMLInputElement, personal: readonly string[]): string {
  if (strengthOf(first.value, personal).level === 'weak') {
    throw wrong(
      first,
      '/passphrase',
      'is too easy to guess: take at least four words at random, or let one be suggested',
    );
  }
  if (first.value !== second.value) throw wrong(second, '/passphrase', 'is not the same in both fields');
  return first.value;
}

function wrong(input: HTMLInputElement, path: string, message: string): Refused {
  input.focus();
  return new Refused({ code: 'INVALID_INPUT', message, errors: [{ path, message }] });
}
