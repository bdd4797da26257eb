import { randomBytes } from 'node:crypto';
import { everyDocument } from '../../../emulator/firestore-rest.ts';
import type { Platform } from '../../../shared/platform/context.ts';
import type { Settings } from '../../../shared/platform/settings.ts';
import { defaults } from '../../../shared/platform/settings.ts';
import { turns } from '../../../shared/platform/turns.ts';
import type { Database } from '../../../shared/store/database.ts';
import { clearStore } from '../../support/clear-store.ts';
import type { InProcessAnswer } from '../../support/in-process.ts';
import { carryOut, type Death, instance, type Order, watched } from '../../support/mortal-instance.ts';
import { runProgram } from '../../support/program.ts';

const settings: Omit<Settings, 'projectId'> = {
  ...defaults,
  databaseId: '(default)',
  baseUrl: 'http://127.0.0.1',
  mailFrom: 'Nightvault <nightvault@example.com>',
  corsOrigins: [],
  trustedHops: 0,
};

const program = 'test/support/mortal-instance.ts';

/** A database of its own, with the same things in it each time. */
export interface Trial {
  readonly database: Database;
  /** Everything in the store; what is random in every process stands as RANDOM. */
  state(): Promise<string>;
  /** The order, carried out by an instance that lives. */
  carryOut(order: Order): Promise<InProcessAnswer>;
  /** Carries the order out. @returns where its process could have died: before each operation, and after each write */
  deaths(order: Order): Promise<Death[]>;
  /** The order, carried out by a process that dies on the way. */
  die(order: Order, death: Death): Promise<void>;
  /** The order, carried out whole by another process just before this one's so many-th operation. */
  overtaken(order: Order, operation: number): Promise<{ first: InProcessAnswer; second: InProcessAnswer }>;
  end(): Promise<void>;
}

/** @param prepare - what is in the store before; what it draws at random is the same in every trial */
export async function newTrial(prepare: (platform: Platform) => Promise<void>): Promise<Trial> {
  const projectId = `demo-${randomBytes(6).toString('hex')}`;
  const own = { ...settings, projectId };
  const firestore = process.env.FIRESTORE_EMULATOR_HOST ?? '';
  const platform = instance(own);
  /** Nothing is left to a call by those before it but the store. */
  const fresh = () => ({ ...platform, turns: turns() });
  let drawn = 0;
  const random = (length: number) => {
    drawn += 1;
    return new Uint8Array(length).fill(drawn);
  };
  await prepare({ ...fresh(), random });
  return {
    database: platform.database,
    state: async () => {
      const documents = await everyDocument({ host: firestore, projectId });
      const texts = documents.map(({ name, fields }) => JSON.stringify([name.split('/').slice(5), fields]));
      return withoutRandom(texts.toSorted().join('\n'));
    },
    carryOut: (order) => carryOut(order, fresh()),
    deaths: async (order) => {
      const moments: Death[] = [];
      // After a read nothing is other than before what follows it.
      const database = watched(platform.database, async ({ operation, when, writes }) => {
        if (when === 'before' || writes) moments.push({ operation, when });
      });
      await carryOut(order, { ...fresh(), database });
      return moments;
    },
    die: async (order, death) => {
      const program = elsewhere({ settings: own, order, death });
      const code = await program.exit;
      if (program.process.signalCode !== 'SIGKILL')
        throw new Error(`It did not die, but ended with ${code}:\n${program.output()}${program.errors()}`);
    },
    overtaken: async (order, operation) => {
      let first: InProcessAnswer | undefined;
      const database = watched(platform.database, async (moment) => {
        if (moment.when === 'after' || moment.operation !== operation || first !== undefined) return;
        const program = elsewhere({ settings: own, order });
        await program.exit;
        first = JSON.parse(program.output());
      });
      const second = await carryOut(order, { ...fresh(), database });
      if (first === undefined) throw new Error(`The order takes fewer than ${operation} operations.`);
      return { first, second };
    },
    end: async () => {
      await platform.close();
      await clearStore(projectId);
    },
  };
}

function elsewhere(task: object) {
  const { FIRESTORE_EMULATOR_HOST } = process.env;
  return runProgram(process.execPath, [program, JSON.stringify(task)], { FIRESTORE_EMULATOR_HOST });
}

/** Versions, `REVISION-RANDOM`, in a text of JSON, or of JSON in JSON. */
const withoutRandom = (text: string): string =>
  text.replaceAll(/(?<=")([0-9a-z]{1,6})-[A-Za-z0-9_-]{8}(?=\\*")/g, '$1-RANDOM');

/** An answer without what is random in it. */
export const plainAnswer = ({ status, text }: InProcessAnswer): string => `${status} ${withoutRandom(text)}`;

const atOnce = 2;

/** A few at a time. */
export async function eachOf<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
