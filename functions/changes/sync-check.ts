import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { syncCheck as wire } from '../../shared/protocol/changes.ts';
import { allLinks, groups, links } from '../../shared/store/groups.ts';
import { beginning, isExpired, openCursor, type Place } from './cursor.ts';

type Asked = NonNullable<(typeof wire.input)['_output']['groups']>;

export const syncCheck = httpFunction(
  'sync-check',
  {
    POST: sessionOperation({
      summary: 'Which groups have changed since their cursors: all in one call, at two reads a group',
      about: 'The first call of a device that wakes up: with nothing new it is the only one.',
      ...wire,
      success: 200,
      problems: ['CURSOR_INVALID'],
      handle: async ({ groups: asked }, context) => {
        const linked = asked ? await linkedAmong(asked, context) : await everyLinked(context);
        return compare(asked ?? linked.map((groupId) => ({ groupId, cursor: null })), new Set(linked), context);
      },
    }),
  },
  { secrets: ['state-key'] },
);

async function linkedAmong(asked: Asked, { database, caller }: SessionContext): Promise<string[]> {
  const found = await database.get(...asked.map(({ groupId }) => links(groupId).doc(caller.accountId)));
  return found.flatMap((link) => (link?.data.state === 'active' ? [link.data.groupId] : []));
}

async function everyLinked({ database, caller }: SessionContext): Promise<string[]> {
  const where = [['accountId', '==', caller.accountId]] as const;
  const fields = ['accountId', 'groupId', 'state'] as const;
  const mine = await database.list({ collection: allLinks, everywhere: true, where, fields });
  return mine.flatMap(({ data: { groupId, state } }) => (state === 'active' ? [groupId] : []));
}

async function compare(asked: Asked, linked: ReadonlySet<string>, { sealer, database }: SessionContext) {
  const places: (Place | undefined)[] = [];
  for (const [index, { groupId, cursor }] of asked.entries()) {
    const path = `/groups/${index}/cursor`;
    places.push(cursor === null ? undefined : await openCursor(sealer, groupId, cursor, path));
  }
  const heads = await database.get(...asked.map(({ groupId }) => groups.doc(groupId)));
  const compared = heads.flatMap((head, index) => {
    if (head === undefined || head.data.deletedAt !== null || !linked.has(head.id)) return [];
    const { revision, keyEpoch, rotationRequired } = head.data;
    const place = places[index] ?? beginning(head.data);
    const cursorExpired = isExpired(place, head.data);
    const changed = cursorExpired || place.revision < revision;
    return [{ groupId: head.id, revision, keyEpoch, changed, cursorExpired, rotationRequired }];
  });
  const present = new Set(compared.map(({ groupId }) => groupId));
  return { groups: compared, missing: asked.map(({ groupId }) => groupId).filter((id) => !present.has(id)) };
}
