import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { fingerprintPicture } from '../../../../client/pages/fingerprint-picture.ts';

const vectors: { fingerprint: string }[] = JSON.parse(readFileSync('test/vectors/fingerprints.json', 'utf8'));
const [zero = '', ones = '', third = ''] = vectors.map(({ fingerprint }) => fingerprint);

describe('the picture of a fingerprint', () => {
  it('is the same for the same fingerprint, everywhere', () => {
    expect(fingerprintPicture(third).slice(0, 4)).toEqual([
      { kind: 'line', x1: 0, y1: -9, x2: 0, y2: -29, width: 1.2, colour: '#56b4e9' },
      { kind: 'dot', x: 0, y: -33.6, radius: 4.6, colour: '#d55e00', hollow: true },
      { kind: 'line', x1: 3.44, y1: -8.31, x2: 9.95, y2: -24.02, width: 3.2, colour: '#009e73' },
      { kind: 'dot', x: 10.56, y: -25.5, radius: 1.6, colour: '#ffffff', hollow: true },
    ]);
  });

  it('has a ray and a star for each group, within its square', () => {
    for (const fingerprint of [zero, ones, third]) {
      const shapes = fingerprintPicture(fingerprint);
      expect(shapes.map(({ kind }) => kind)).toEqual(Array.from({ length: 16 }, () => ['line', 'dot']).flat());
      const places = shapes.flatMap((shape) =>
        shape.kind === 'line'
          ? [shape.x2, shape.y2]
          : [Math.abs(shape.x) + shape.radius, Math.abs(shape.y) + shape.radius],
      );
      expect(Math.max(...places.map(Math.abs))).toBeLessThanOrEqual(50);
    }
  });

  it('shows thirteen bits of every group', () => {
    const before = fingerprintPicture(third);
    for (let group = 0; group < 16; group++) {
      const shown = Array.from({ length: 16 }, (_, bit) => {
        const groups = third.split(' ');
        groups[group] = (Number.parseInt(groups[group] ?? '', 16) ^ (1 << bit)).toString(16).padStart(4, '0');
        const after = fingerprintPicture(groups.join(' '));
        const changed = after.flatMap((shape, at) =>
          isDeepStrictEqual(shape, before[at]) ? [] : [Math.floor(at / 2)],
        );
        expect(changed.every((ray) => ray === group)).toBe(true);
        return changed.length > 0;
      });
      expect(shown.filter(Boolean)).toHaveLength(13);
    }
  });

  it('is not made of what is no fingerprint', () => {
    expect(() => fingerprintPicture('ab'.repeat(32))).toThrow('Expected exactly 64 lower-case hex characters.');
  });
});
