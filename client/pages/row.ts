import { type Child, element } from './dom.ts';

interface Row {
  /** The name, and what is marked at it. */
  readonly title: readonly Child[];
  readonly text: readonly Child[];
  /** What can be done with it. */
  readonly action?: Child;
  /** Below, over the whole width. */
  readonly more?: Child;
  readonly class?: string;
}

/** One line of a list. */
export const listRow = ({ title, text, action, more, class: kind }: Row): HTMLLIElement =>
  element(
    'li',
    { class: kind === undefined ? 'row' : `row ${kind}` },
    element(
      'div',
      { class: 'what' },
      element('p', { class: 'title' }, ...title),
      element('p', { class: 'quiet' }, ...text),
    ),
    action,
    more,
  );

export const tag = (text: string, tone = ''): HTMLElement => element('span', { class: `tag ${tone}`.trim() }, text);
