import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { systemCode } from './start-error.ts';

type State = 'ENABLED' | 'DISABLED';

interface Version {
  /** base64 */
  readonly data: string;
  state: State;
}

/** gRPC's statuses and the HTTP statuses that Google's APIs answer them with. */
export const refusals = {
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  FAILED_PRECONDITION: 400,
} as const;

export class Refusal extends Error {
  readonly status: keyof typeof refusals;

  constructor(status: keyof typeof refusals, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
  }
}

export interface SecretStore {
  /** @throws Refusal `ALREADY_EXISTS` */
  create(name: string): void;
  /** The number of the new version, counted from 1. @throws Refusal `NOT_FOUND` */
  addVersion(name: string, data: Buffer): number;
  /** @throws Refusal `NOT_FOUND`, or `FAILED_PRECONDITION` for a disabled version */
  access(name: string, version: string): { number: number; data: Buffer };
  /** @throws Refusal `NOT_FOUND` */
  setState(name: string, version: string, state: State): { number: number; state: State };
  /** Sees to it that the secret exists, with what `choose` makes of its newest value as its newest. */
  keep(name: string, choose: (newest: Buffer | undefined) => Buffer): void;
}

/**
 * Secrets and their versions, as Secret Manager keeps them; with a file, they outlive the process there (mode 0600),
 * since what was sealed under them could not be opened without.
 */
export function secretStore(file: string | undefined): SecretStore {
  const secrets = new Map<string, Version[]>(file === undefined ? [] : read(file));
  const save = () => {
    if (file === undefined) return;
    writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(secrets), null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  const versionsOf = (name: string) => {
    const versions = secrets.get(name);
    if (versions === undefined) throw new Refusal('NOT_FOUND', `Secret [${name}] not found.`);
    return versions;
  };
  const find = (name: string, version: string) => {
    const versions = versionsOf(name);
    const number = version === 'latest' ? versions.length : Number(version);
    const found = versions[number - 1];
    if (found === undefined) throw new Refusal('NOT_FOUND', `Secret Version [${name}/${version}] not found.`);
    return { number, found };
  };
  const store: SecretStore = {
    create: (name) => {
      if (secrets.has(name)) throw new Refusal('ALREADY_EXISTS', `Secret [${name}] already exists.`);
      secrets.set(name, []);
      save();
    },
    addVersion: (name, data) => {
      const count = versionsOf(name).push({ data: data.toString('base64'), state: 'ENABLED' });
      save();
      return count;
    },
    access: (name, version) => {
      const { number, found } = find(name, version);
      if (found.state !== 'ENABLED') {
        throw new Refusal('FAILED_PRECONDITION', `Secret Version [${name}/${number}] is in DISABLED state.`);
      }
      return { number, data: Buffer.from(found.data, 'base64') };
    },
    setState: (name, version, state) => {
      const { number, found } = find(name, version);
      found.state = state;
      save();
      return { number, state };
    },
    keep: (name, choose) => {
      if (!secrets.has(name)) store.create(name);
      const newest = versionsOf(name).at(-1);
      const known = newest && Buffer.from(newest.data, 'base64');
      const data = choose(known);
      if (known === undefined || !known.equals(data)) store.addVersion(name, data);
    },
  };
  return store;
}

function read(file: string): [string, Version[]][] {
  try {
    return Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Version[]>);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
