import type { Context } from '../../shared/platform/context.ts';
import type { DropReason } from '../../shared/protocol/analytics.ts';
import type { FieldError } from '../../shared/protocol/problems.ts';
import { readChoices } from './choices.ts';
import { countDrops } from './drops.ts';
import { type Reduced, reduceEvent } from './reduce.ts';
import { analyticsTopic } from './topic.ts';

interface Sent {
  readonly sentAt: string | null | undefined;
  /** The caller's browser says that it wants no statistics. */
  readonly refused: boolean;
}

export interface Collected {
  /** Events that are well-formed, those not kept included: that somebody opted out is nobody else's business. */
  readonly taken: number;
  readonly rejected: { index: number; errors: FieldError[] }[];
}

/**
 * Reduces events to what the allow-list names, drops those of whom does not want it, and publishes the rest. Returns
 * once Pub/Sub has them all; when that fails all may be sent again, for an event is stored once.
 */
export async function collect(
  events: readonly unknown[],
  { sentAt, refused }: Sent,
  context: Context,
): Promise<Collected> {
  if (refused) {
    await countDrops(
      events.map(() => 'signal'),
      context,
    );
    return { taken: events.length, rejected: [] };
  }
  const { clock, random, sealer, publisher } = context;
  const received = {
    receivedAt: clock.now(),
    sentAt: sentAt ? Date.parse(sentAt) : undefined,
    newId: () => Buffer.from(random(16)).toString('hex'),
    sealer,
  };
  const reduced = await Promise.all(events.map((event) => reduceEvent(event, received)));
  const rejected = reduced.flatMap((each, index) =>
    each.kind === 'malformed' ? [{ index, errors: [...each.errors] }] : [],
  );
  const taken = events.length - rejected.length;
  // A call that is refused leaves nothing, not even a number.
  if (taken === 0) return { taken, rejected };
  const rows = reduced.flatMap((each) => (each.kind === 'row' ? [each.row] : []));
  const mayKeep = await readChoices(rows, context);
  const kept = rows.filter(mayKeep);
  await Promise.all([
    kept.length > 0 ? publisher.publishAll(analyticsTopic, kept) : undefined,
    countDrops([...reasons(reduced), ...rows.filter((row) => !mayKeep(row)).map(() => 'optedOut' as const)], context),
  ]);
  return { taken, rejected };
}

const reasons = (reduced: readonly Reduced[]): DropReason[] =>
  reduced.flatMap(({ kind }) => (kind === 'row' ? [] : [kind]));
