import { state } from './state.ts';

/** Goes to another view; to the one that is shown, to have it anew. */
export function go(hash: string): void {
  if (location.hash === hash) dispatchEvent(new HashChangeEvent('hashchange'));
  else location.hash = hash;
}

/** To the login, with a word about why. */
export function leave(notice: string): void {
  state.person = undefined;
  state.notice = notice;
  go('#/');
}

/** Says what shows elsewhere on the page to who does not see it. */
export function announce(text: string): void {
  const said = document.getElementById('said');
  if (said !== null) said.textContent = text;
}
