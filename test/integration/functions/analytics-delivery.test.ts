import { deliver } from '../../support/analytics-delivery.ts';

describe('events of Segment’s libraries', () => {
  it('are stored once and counted once, delivered three times each to a function that is killed', async () => {
    const seed = Date.now() % 1_000_000;
    const delivered = await deliver({ versions: ['1.0.0', '3.1.0'], events: 150, kills: 2, seed });
    expect({ seed, ...delivered }).toMatchObject({ seed, failures: [], stored: 300, distinct: 300, counted: 300 });
    expect(delivered.deliveries).toBeGreaterThanOrEqual(900);
  });
});
