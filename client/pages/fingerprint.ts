import { element, svg } from './dom.ts';
import { fingerprintPicture, type Shape } from './fingerprint-picture.ts';
import type { Spoken } from './worker/vault.ts';

/** A key as people compare it: a picture for a first look, twelve words to read out, and the whole in hex. */
export function fingerprintCard({ fingerprint, words }: Spoken, whose: string): HTMLElement {
  return element(
    'figure',
    { class: 'fingerprint' },
    picture(fingerprint, whose),
    element(
      'div',
      {},
      element('figcaption', {}, `${whose} fingerprint`),
      element('ol', { class: 'words' }, ...words.map((word) => element('li', {}, word))),
      element('details', {}, element('summary', {}, 'As characters'), element('code', { class: 'hex' }, fingerprint)),
    ),
  );
}

function picture(fingerprint: string, whose: string): SVGElement {
  const shapes = fingerprintPicture(fingerprint).map(draw);
  const ground = svg('circle', { cx: 0, cy: 0, r: 49.4, fill: '#14152b', stroke: '#3b3e66', 'stroke-width': 1.2 });
  const label = `${whose} fingerprint as a picture. The words beside it say the same.`;
  return svg('svg', { viewBox: '-50 -50 100 100', role: 'img', 'aria-label': label }, ground, ...shapes);
}

function draw(shape: Shape): SVGElement {
  if (shape.kind === 'line') {
    const { x1, y1, x2, y2, width, colour } = shape;
    return svg('line', { x1, y1, x2, y2, stroke: colour, 'stroke-width': width, 'stroke-linecap': 'round' });
  }
  const { x, y, radius, colour, hollow } = shape;
  const paint = hollow ? { fill: '#14152b', stroke: colour, 'stroke-width': 1.2 } : { fill: colour };
  return svg('circle', { cx: x, cy: y, r: hollow ? radius - 0.6 : radius, ...paint });
}
