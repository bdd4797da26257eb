import { type Child, element, freshId } from './dom.ts';
import { inWords } from './explain.ts';

interface FieldSpec {
  readonly label: string;
  readonly name: string;
  readonly type?: 'text' | 'email' | 'password';
  readonly autocomplete?: string;
  readonly hint?: string;
  readonly value?: string | undefined;
  readonly optional?: boolean;
}

/** A labelled field, its hint tied to it; a passphrase can be made visible. */
export function field({ label, name, type = 'text', autocomplete = 'off', hint, value, optional }: FieldSpec) {
  const id = freshId();
  const hintId = `${id}-hint`;
  const input = element('input', {
    id,
    name,
    type,
    autocomplete,
    value,
    required: !optional,
    spellcheck: 'false',
    autocapitalize: 'none',
    maxlength: 300,
    'aria-describedby': hint === undefined ? undefined : hintId,
  });
  if (type === 'text' && !optional) input.addEventListener('input', () => refuseBlanks(input));
  const node = element(
    'div',
    { class: 'field' },
    element('label', { for: id }, label, optional ? element('span', { class: 'quiet' }, ' (optional)') : undefined),
    type === 'password' ? element('div', { class: 'reveal' }, input, reveal(input, label)) : input,
    hint === undefined ? undefined : element('p', { id: hintId, class: 'hint' }, hint),
  );
  return { node, input };
}

/** For a browser, blanks are something. */
function refuseBlanks(input: HTMLInputElement): void {
  const blank = input.value !== '' && input.value.trim() === '';
  input.setCustomValidity(blank ? 'Blanks alone are no name: write something that can be seen.' : '');
}

function reveal(input: HTMLInputElement, label: string): HTMLElement {
  const toggle = () => {
    const hidden = input.type === 'password';
    input.type = hidden ? 'text' : 'password';
    button.textContent = hidden ? 'Hide' : 'Show';
    button.setAttribute('aria-pressed', String(hidden));
  };
  const properties = {
    type: 'button',
    class: 'small',
    'aria-pressed': 'false',
    'aria-label': `Show the ${label.toLowerCase()}`,
  };
  const button = element('button', { ...properties, onclick: toggle }, 'Show');
  return button;
}

/** For password managers, which else would not know whose passphrase this is. */
export const accountOf = (email: string): HTMLElement =>
  element(
    'div',
    { class: 'hidden', 'aria-hidden': 'true' },
    element('input', { type: 'email', autocomplete: 'username', value: email, readonly: true, tabindex: '-1' }),
  );

/** What must be ticked before a form does anything. */
export const confirmation = (text: string): HTMLElement =>
  element(
    'label',
    { class: 'check' },
    element('input', { type: 'checkbox', required: true }),
    element('span', {}, text),
  );

export function choice(label: string, name: string, options: readonly (readonly [value: string, text: string])[]) {
  const id = freshId();
  const select = element('select', { id, name }, ...options.map(([value, text]) => element('option', { value }, text)));
  return { node: element('div', { class: 'field' }, element('label', { for: id }, label), select), select };
}

interface FormSpec {
  readonly button: string;
  /** Said while it runs. */
  readonly working: string;
  /** What is said of a failure, and what else is then shown; the failure's own words unless given. */
  readonly failed?: (error: unknown) => Child;
  readonly danger?: boolean;
  run(): Promise<void>;
  /** Goes back to what was there before: a button, and the Escape key. */
  cancel?(): void;
}

/** Runs once at a time, says what it does, and says in words why it could not. */
export function form(
  { button, working, failed, danger, run, cancel }: FormSpec,
  ...children: readonly Child[]
): HTMLFormElement {
  const status = element('div', { class: 'status', role: 'status' });
  const alert = element('div', { role: 'alert' });
  const submit = element('button', { class: danger ? 'danger wide' : 'primary wide' }, button);
  const running = () => submit.getAttribute('aria-disabled') === 'true';
  const onsubmit = async (event: Event) => {
    event.preventDefault();
    if (running()) return;
    submit.setAttribute('aria-disabled', 'true');
    alert.replaceChildren();
    status.replaceChildren(element('span', { class: 'spinner', 'aria-hidden': 'true' }), working);
    try {
      await run();
    } catch (error) {
      const more = failed?.(error);
      alert.replaceChildren(
        element('p', { class: 'notice bad' }, inWords(error)),
        ...(more instanceof Node ? [more] : []),
      );
    } finally {
      status.replaceChildren();
      submit.removeAttribute('aria-disabled');
    }
  };
  if (cancel === undefined) return element('form', { onsubmit }, ...children, submit, status, alert);
  // What has begun is not taken back.
  const onclick = () => running() || cancel();
  const onkeydown = (event: Event) => (event as KeyboardEvent).key === 'Escape' && onclick();
  const back = element('button', { type: 'button', class: 'plain wide', onclick }, 'Cancel');
  return element('form', { onsubmit, onkeydown }, ...children, submit, back, status, alert);
}

/** A button that does one thing, says how it went where it stands, and is not pressed twice. */
export function actionButton(
  label: string,
  properties: { readonly class?: string; readonly describe?: string },
  run: () => Promise<void>,
) {
  const problem = element('span', { role: 'alert', class: 'bad' });
  const onclick = async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    problem.textContent = '';
    try {
      await run();
    } catch (error) {
      problem.textContent = inWords(error);
    } finally {
      button.removeAttribute('aria-disabled');
    }
  };
  const button = element(
    'button',
    { type: 'button', class: properties.class ?? 'small', 'aria-label': properties.describe, onclick },
    label,
  );
  return element('span', { class: 'action' }, button, problem);
}
