import { optimistic } from '../../../shared/platform/optimistic.ts';
import { CommitConflict } from '../../../shared/store/database.ts';

describe('optimistic', () => {
  it('tries again after a conflict, and only then', async () => {
    let attempts = 0;
    const answer = await optimistic(async () => {
      attempts += 1;
      if (attempts < 3) throw new CommitConflict();
      return attempts;
    });
    expect(answer).toBe(3);
    await expect(optimistic(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('gives up after 60 attempts and says when to come back', async () => {
    let attempts = 0;
    const hopeless = optimistic(async () => {
      attempts += 1;
      throw new CommitConflict();
    });
    await expect(hopeless).rejects.toMatchObject({ code: 'UNAVAILABLE', members: { retryAfter: 2 } });
    expect(attempts).toBe(60);
  });
});
