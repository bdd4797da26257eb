import { normaliseEmail } from '../../shared/crypto/normalise.ts';
import { FingerprintRefused } from '../failures.ts';
import { PersonUnverified, PublicKeyChanged } from '../refusals.ts';
import type { Compare, Person } from '../team.ts';
import type { Notes } from './notes.ts';

/** Somebody as far as a key belongs to them. */
type Holder = Pick<Person, 'accountId' | 'email' | 'fingerprint'>;

/**
 * The keys of people, trusted on first use: under the address, which is what one knows of somebody, and under the
 * account, so that neither can be given another key.
 */
export class Pins {
  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  /**
   * For somebody whom the caller named by address: a key seen for the first time is taken, after `compare` if given.
   * @throws {PublicKeyChanged}
   * @throws {FingerprintRefused} when `compare` says no
   */
  async take(person: Person, compare: Compare = () => true): Promise<void> {
    if (await this.#isKnown(person)) return;
    if (!(await compare(person))) throw new FingerprintRefused(person.email, person.fingerprint);
    await this.trust(person);
  }

  /**
   * For somebody whom the server named: a key seen for the first time is taken only if `compare` says so.
   * @throws {PublicKeyChanged}
   * @throws {PersonUnverified} without `compare`
   * @throws {FingerprintRefused} when `compare` says no
   */
  async expect(person: Person, compare: Compare | undefined): Promise<true> {
    if (compare === undefined && !(await this.#isKnown(person))) {
      throw new PersonUnverified(person.email, person.fingerprint);
    }
    await this.take(person, compare);
    return true;
  }

  /** From now on this is the key of that address and account, whatever was before. */
  async trust(person: Holder): Promise<void> {
    for (const name of namesOf(person)) await this.#notes.write(name, person.fingerprint);
  }

  async #isKnown(person: Holder): Promise<boolean> {
    const known = await Promise.all(namesOf(person).map((name) => this.#notes.read(name)));
    const other = known.find((fingerprint) => fingerprint !== undefined && fingerprint !== person.fingerprint);
    if (other !== undefined) throw new PublicKeyChanged(person.email, other, person.fingerprint);
    if (known.every((fingerprint) => fingerprint === undefined)) return false;
    await this.trust(person);
    return true;
  }
}

const namesOf = ({ email, accountId }: Holder) => [`key of ${normaliseEmail(email)}`, `key of ${accountId}`];
