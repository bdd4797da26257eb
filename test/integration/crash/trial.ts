import { randomBytes } from 'node:crypto';
import { everyDocument } from '../../../emulator/firestore-rest.ts';
import type { Platform } from '../../../shared/platform/context.ts';
import type { Settings } from '../../../shared/platform/settings.ts';
import { defaults } from '../../../shared/platform/settings.ts';
import { turns } from '../../../shared/platform/turns.ts';
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

/** The callers of all trials are the same, and one process runs no two calls under one Idempotency-Key at once. */
const once = turns();

const program = 'test/support/mortal-instance.ts';

/** A database of its own, with the same things in it each time. */
export interface Trial {
  /** Everything in the store; what is random in every process stands as RANDOM. */
  state(): Promise<string>;
  /** The order, carried out by an instance that lives. */
  carryOut(order: Order): Promise<InProcessAnswer>;
  /** How many store operations the order takes. */
  operations(order: Order): Promise<number>;
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
    state: async () => {
      const documents = await everyDocument({ host: firestore, projectId });
      const texts = documents.map(({ name, fields }) => JSON.stringify([name.split('/').slice(5), fields]));
      return withoutRandom(texts.toSorted().join('\n'));
    },
    carryOut: (order) => once.take(order.name, () => carryOut(order, fresh())),
    operations: async (order) => {
      let count = 0;
      const database = watched(platform.database, async (when) => {
        if (when === 'before') count += 1;
      });
      await once.take(order.name, () => carryOut(order, { ...fresh(), database }));
      return count;
    },
    die: async (order, death) => {
      const program = elsewhere({ settings: own, order, death });
      const code = await program.exit;
      if (program.process.signalCode !== 'SIGKILL')
        throw new Error(`It did not die, but ended with ${code}:\n${program.output()}${program.errors()}`);
    },
    overtaken: async (order, operation) => {
      let count = 0;
      let first: InProcessAnswer | undefined;
      const database = watched(platform.database, async (when) => {
        if (when === 'before') count += 1;
        if (when === 'after' || count !== operation || first !== undefined) return;
        const program = elsewhere({ settings: own, order });
        await program.exit;
        first = JSON.parse(program.output());
      });
      const second = await once.take(order.name, () => carryOut(order, { ...fresh(), database }));
      if (first === undefined) throw new Error(`The order takes fewer than ${operation} operations.`);
      return { first, second };
    },
    end: () => platform.close(),
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
