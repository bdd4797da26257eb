import '../../client/pages/worker/no-eval.ts';
import { LocalStack } from '../demo/local-stack.ts';
import { bobJoins, janeSignsUp, type Opened } from './acts.ts';
import type { HeldKeys } from './keys.ts';

/** What the page can ask for, in this order. */
export type Act = 'jane' | 'bob';

/** What the page hears meanwhile; `held` or `failed` is the last of an act. */
export type Told = { readonly told: string } | { readonly held: HeldKeys } | { readonly failed: string };

/** A dedicated worker of a browser. https://html.spec.whatwg.org/#dedicatedworkerglobalscope */
declare const self: {
  readonly location: { readonly origin: string };
  addEventListener(type: 'message', listener: (event: { readonly data: Act }) => void): void;
  postMessage(message: Told): void;
};

const stack = new LocalStack(self.location.origin);
const tell = (told: string) => self.postMessage({ told });
let opened: Opened | undefined;

self.addEventListener('message', ({ data }) => {
  play(data).then(
    (held) => self.postMessage({ held }),
    (error) => self.postMessage({ failed: error instanceof Error ? error.message : String(error) }),
  );
});

/** Both people live in this one worker, off the thread that draws. */
async function play(act: Act): Promise<HeldKeys> {
  if (act === 'bob') {
    if (opened === undefined) throw new Error('Jane has to sign up first.');
    return bobJoins(stack, opened, tell);
  }
  const { held, ...made } = await janeSignsUp(stack, tell);
  opened = made.opened;
  return held;
}
