import { element, shown } from './dom.ts';
import { codeOf, failureCard } from './explain.ts';
import { header } from './header.ts';
import type { Leaf } from './leaf.ts';
import { leave } from './navigation.ts';
import { findView } from './routes.ts';

/** Milliseconds after which somebody who waits is told so; what comes sooner only flickers. */
const patience = 150;

let shows = 0;

/** Shows what the address asks for, moves the focus to its heading, and so tells a screen reader what page this is. */
export async function show(): Promise<void> {
  const turn = ++shows;
  const main = frame();
  const timer = setTimeout(() => loading(main), patience);
  try {
    const view = await findView(location.hash)();
    if (turn !== shows) return;
    draw(main, view);
  } catch (error) {
    if (turn !== shows) return;
    if (codeOf(error) === 'UNAUTHENTICATED') return leave('Your session has ended. Log in again.');
    draw(main, { title: 'That did not work', body: [failureCard(error, show)] });
  } finally {
    clearTimeout(timer);
  }
}

function frame(): HTMLElement {
  const known = document.querySelector('main');
  document.querySelector('header')?.replaceWith(header());
  if (known?.id === 'content') return known;
  const main = element('main', { id: 'content' });
  known?.replaceWith(main);
  document.body.prepend(element('a', { class: 'skip', href: '#content', onclick: skip }, 'Skip to the content'));
  document.body.append(element('div', { id: 'said', class: 'hidden', role: 'status' }));
  return main;
}

/** The address's `#` says which view this is, so the link only moves the focus. */
function skip(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('h1')?.focus();
}

function loading(main: HTMLElement): void {
  main.setAttribute('aria-busy', 'true');
  main.classList.add('waiting');
}

function draw(main: HTMLElement, { title, above, body, narrow = false }: Leaf): void {
  const heading = element('h1', { tabindex: '-1' }, title);
  main.className = narrow ? 'narrow' : '';
  main.removeAttribute('aria-busy');
  main.replaceChildren(...shown([above, heading, ...body]));
  document.title = `${title} · Nightvault`;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

addEventListener('hashchange', () => void show());
