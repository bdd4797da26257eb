import { readFiles } from './files-story.ts';
import { inviteAndConfirm } from './invite-story.ts';
import { byKeyboard } from './keyboard-story.ts';
import { removeAndRotate } from './members-story.ts';
import { refusals, withoutScripts } from './refusals-story.ts';
import { resetAndReturn } from './reset-story.ts';
import { endSessions } from './session-story.ts';
import { shareAndRead } from './sharing-story.ts';
import { World } from './world.ts';

/** Nothing here is quick where two processors serve two browsers, a server and its emulators. */
const patience = 300_000;

let world: World;
beforeAll(async () => {
  world = await World.begin();
}, patience);
afterAll(() => world.end());

describe('the pages', () => {
  it.each([
    ['take Jane and Bob from the sign-up to a resource that one shares and the other reads', shareAndRead],
    ['show the files of a synced folder, and hand them out', readFiles],
    ['show what a reset costs, and let its owner in again', resetAndReturn],
    ['take an invite to somebody without an account to the end', inviteAndConfirm],
    ['give a group a new key, and take somebody out of it', removeAndRotate],
    ['end sessions, and keep nothing of them', endSessions],
    ['need no mouse', byKeyboard],
    ['say what went wrong and what to do', refusals],
    ['do without scripts what can be done without', withoutScripts],
  ])(
    '%s',
    async (_name, story) => {
      const failed = await story(world).then(
        () => undefined,
        (error: unknown) => error,
      );
      // Errors in the console, refusals by the policy, requests to others, faults found by axe: none of them, ever.
      expect(await world.part()).toEqual([]);
      if (failed !== undefined) throw failed;
    },
    patience,
  );
});
