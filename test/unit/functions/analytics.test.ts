import { createHash } from 'node:crypto';
import { allowList, versionOf, wordOf } from '../../../functions/analytics/allow-list.ts';
import { addTo, emptySketch, estimate, merge } from '../../../functions/analytics/sketch.ts';
import { correctedTime } from '../../../functions/analytics/time.ts';

const hashOf = (n: number) => createHash('sha256').update(`device ${n}`).digest('hex');
const sketchOf = (from: number, to: number) => {
  let sketch = emptySketch();
  for (let n = from; n < to; n += 1) sketch = addTo(sketch, hashOf(n));
  return sketch;
};

describe('the sketch of devices', () => {
  it.each([0, 1, 2, 10, 100])('is exact within one for %i', (count) => {
    expect(Math.abs(estimate(sketchOf(0, count)) - count)).toBeLessThanOrEqual(count < 20 ? 0 : 3);
  });

  it.each([1_000, 2_600, 10_000, 100_000])('is near for %i', (count) => {
    // Three standard errors.
    expect(Math.abs(estimate(sketchOf(0, count)) / count - 1)).toBeLessThan(0.1);
  });

  it('does not grow when a device comes again, and is not changed in place', () => {
    const once = sketchOf(0, 50);
    const before = Buffer.from(once).toString('hex');
    for (let n = 0; n < 50; n += 1) expect(addTo(once, hashOf(n))).toBe(once);
    addTo(once, hashOf(1_000));
    expect(Buffer.from(once).toString('hex')).toBe(before);
  });

  it('merges into that of both, in any order', () => {
    const whole = Buffer.from(sketchOf(0, 300));
    const [a, b] = [sketchOf(0, 200), sketchOf(100, 300)];
    expect(Buffer.from(merge(a, b))).toEqual(whole);
    expect(Buffer.from(merge(b, a))).toEqual(whole);
  });

  it('takes the rarest hashes', () => {
    expect(Math.max(...addTo(emptySketch(), '0'.repeat(64)))).toBe(55);
    expect(Math.max(...addTo(emptySketch(), `${'0'.repeat(15)}1`))).toBe(54);
    expect(Math.max(...addTo(emptySketch(), 'f'.repeat(64)))).toBe(1);
  });
});

describe('the time of an event', () => {
  const at = (offset: number) => new Date(1_000_000_000_000 + offset).toISOString();
  const receivedAt = 1_000_000_000_000;
  const month = 30 * 86_400_000;

  it.each([
    ['no time', undefined, undefined, 0],
    ['a time alone', at(-5_000), undefined, -5_000],
    ['a clock that is fast', at(3_600_000 - 5_000), 3_600_000, -5_000],
    ['a clock that is slow', at(-3_600_000 - 5_000), -3_600_000, -5_000],
    ['a time after it was sent', at(10), 0, 0],
    ['the future', at(1), undefined, 0],
    ['thirty days ago', at(-month), undefined, -month],
    ['longer ago', at(-month - 1), undefined, 0],
  ])('for %s', (_what, timestamp, sent, expected) => {
    const sentAt = sent === undefined ? undefined : receivedAt + sent;
    expect(correctedTime(timestamp, { receivedAt, sentAt }) - receivedAt).toBe(expected);
  });
});

describe('what is kept of a text', () => {
  it.each([
    ['application/json', 'application/json'],
    ['Application/JSON; charset=utf-8', 'application/json'],
    ['application/vnd.acme+json', 'other'],
    ['', 'other'],
    ['constructor', 'other'],
  ])('a media type %j is %s', (text, word) => {
    expect(wordOf(['application/json'], text)).toBe(word);
  });

  it.each([
    ['8.2.0', '8.2.0'],
    ['v10.1', '10.1'],
    ['10.1.1-beta.3', '10.1.1-beta'],
    ['10.1.1-rc.0', '10.1.1-rc'],
    ['6.5.0-21-generic', '6.5.0'],
    ['10.0.19045', '10.0.19045'],
    ['10.0.1234567', '10.0'],
    ['1234567', 'other'],
    ['jane@example.com', 'other'],
    ['', 'other'],
    ['1.2.3.4', '1.2.3'],
  ])('a version %j is %s', (text, version) => {
    expect(versionOf(text)).toBe(version);
  });

  it('lists every event once, each word once', () => {
    const names = allowList.map(({ type, name }) => `${type} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const rule of allowList.flatMap(({ properties }) => Object.values(properties))) {
      if (rule.kind === 'word') expect(new Set(rule.words).size).toBe(rule.words.length);
    }
  });
});
