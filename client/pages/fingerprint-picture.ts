import { HexInvalid } from '../../shared/crypto/errors.ts';

/** One shape of a picture, in a square of 100 by 100 with its middle at 0, 0. */
export type Shape =
  | {
      readonly kind: 'line';
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
      readonly width: number;
      readonly colour: string;
    }
  | {
      readonly kind: 'dot';
      readonly x: number;
      readonly y: number;
      readonly radius: number;
      readonly colour: string;
      /** Only its edge is drawn. */
      readonly hollow: boolean;
    };

/** Far apart for everybody: Okabe and Ito's palette, black and dark blue replaced for a dark ground. */
const colours = ['#ffffff', '#e69f00', '#56b4e9', '#009e73', '#f0e442', '#9d7bff', '#d55e00', '#cc79a7'] as const;
const groups = 16;
const innermost = 9;
const outermost = 45;

/**
 * A fingerprint as a picture of sixteen rays, one for each group of four characters, clockwise from the top. Of every
 * group thirteen bits are seen: the ray's length, colour and width, and the star at its end. To compare at a glance;
 * who wants to be sure compares the words.
 * @param fingerprint as `publicKeyFingerprint` gives it
 * @throws {HexInvalid}
 */
export function fingerprintPicture(fingerprint: string): Shape[] {
  if (!/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/.test(fingerprint)) throw new HexInvalid(groups * 2);
  return fingerprint
    .split(' ')
    .flatMap((group, index) => ray(Number.parseInt(group, 16), (index * 2 * Math.PI) / groups));
}

function ray(bits: number, angle: number): Shape[] {
  const colour = colours[bits & 7] ?? colours[0];
  const starColour = colours[(bits >> 3) & 7] ?? colours[0];
  const length = 8 + ((bits >> 6) & 7) * 3;
  const width = [1.2, 3.2][(bits >> 9) & 1] ?? 1.2;
  const radius = [1.6, 2.6, 3.6, 4.6][(bits >> 10) & 3] ?? 1.6;
  const hollow = ((bits >> 12) & 1) === 1;
  const at = (distance: number) => ({
    x: rounded(Math.sin(angle) * distance),
    y: rounded(-Math.cos(angle) * distance),
  });
  const [from, to] = [at(innermost), at(innermost + length)];
  const star = at(Math.min(innermost + length + radius, outermost));
  return [
    { kind: 'line', x1: from.x, y1: from.y, x2: to.x, y2: to.y, width, colour },
    { kind: 'dot', ...star, radius, colour: starColour, hollow },
  ];
}

/** Alike in every browser, whatever its sine gives in the last digit; and never a negative zero. */
const rounded = (value: number): number => Math.round(value * 100) / 100 + 0;
