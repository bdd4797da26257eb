import { element } from './dom.ts';
import { actionButton } from './form.ts';
import { leave } from './navigation.ts';
import { ask } from './remote.ts';
import { state } from './state.ts';

const places = [
  ['#/groups', 'Groups', /^(#\/?|#\/groups?\b.*)?$/],
  ['#/people', 'People', /^#\/people$/],
  ['#/you', 'You', /^#\/you$/],
] as const;

export function header(): HTMLElement {
  const { person } = state;
  return element(
    'header',
    { class: 'bar' },
    brand(),
    person === undefined ? undefined : navigation(),
    person && logOut(),
  );
}

/** The server has drawn it, with the picture's name. */
function brand(): HTMLElement {
  const drawn = document.querySelector<HTMLElement>('header .brand');
  return drawn ?? element('a', { class: 'brand', href: 'vault' }, 'Nightvault');
}

function navigation(): HTMLElement {
  const links = places.map(([href, text, here]) =>
    element(
      'li',
      {},
      element('a', { class: 'pill', href, 'aria-current': here.test(location.hash) ? 'page' : undefined }, text),
    ),
  );
  return element('nav', { 'aria-label': 'Vault' }, element('ul', {}, ...links));
}

function logOut(): HTMLElement {
  return actionButton('Log out', {}, async () => {
    // The keys have gone from memory by the time the server is told, so there is nothing to try again.
    await ask('logOut').catch(() => undefined);
    leave('You are logged out.');
  });
}
