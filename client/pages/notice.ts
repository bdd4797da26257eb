import { element } from './dom.ts';
import { state } from './state.ts';

/** What the next view has to say, once. */
export function takeNotice(): HTMLElement | undefined {
  const { notice } = state;
  state.notice = undefined;
  return notice === undefined ? undefined : element('p', { class: 'notice', role: 'status' }, notice);
}
