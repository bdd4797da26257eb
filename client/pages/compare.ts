import { element } from './dom.ts';
import { fingerprintCard } from './fingerprint.ts';
import { confirmation, form } from './form.ts';
import { possessive } from './names.ts';
import type { Spoken } from './worker/vault.ts';

interface Comparison {
  /** Whose key it is said to be. */
  readonly name: string;
  readonly spoken: Spoken;
  /** What is done once it was compared. */
  readonly button: string;
  readonly working: string;
  run(): Promise<void>;
  cancel?(): void;
}

/** The one thing that a server cannot fake: two people who compare a key over a channel that is not the server's. */
export function compareForm({ name, spoken, ...rest }: Comparison): HTMLElement {
  return form(
    rest,
    element(
      'p',
      {},
      `Ask ${name}, on the phone or in person, to read out the words on their page “You”. They must be these:`,
    ),
    fingerprintCard(spoken, possessive(name)),
    confirmation(`I have compared them with ${name}, and not by mail. They are the same.`),
  );
}
