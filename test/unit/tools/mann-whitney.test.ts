import { mannWhitney } from '../../../tools/bench/mann-whitney.ts';

/** Expected values from scipy.stats.mannwhitneyu(method='asymptotic'). */
describe('mannWhitney', () => {
  it('without ties', () => {
    const { u, p, rankBiserial, commonLanguage } = mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12]);
    expect(u).toBe(17);
    expect(p).toBeCloseTo(0.11134688653314041, 6);
    expect(commonLanguage).toBeCloseTo(17 / 20, 12);
    expect(rankBiserial).toBeCloseTo(0.7, 12);
  });

  it('with ties', () => {
    const { u, p } = mannWhitney([1, 2, 2, 3, 3, 3, 7], [2, 3, 3, 4, 5, 5]);
    expect(u).toBe(13);
    expect(p).toBeCloseTo(0.2668987084706388, 6);
  });

  it('finds nothing between a sample and itself, and everything between samples that lie apart', () => {
    const low = Array.from({ length: 500 }, (_, index) => index);
    const high = low.map((value) => value + 1000);
    expect(mannWhitney(low, low)).toMatchObject({ p: expect.closeTo(1, 6), rankBiserial: 0, commonLanguage: 0.5 });
    expect(mannWhitney(low, high)).toMatchObject({ u: 0, p: expect.closeTo(0, 6), rankBiserial: -1 });
    expect(mannWhitney([3, 3, 3], [3, 3])).toMatchObject({ p: 1, rankBiserial: 0 });
  });
});
