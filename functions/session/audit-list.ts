import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { auditList as wire } from '../../shared/protocol/audit.ts';
import { auditEvents } from '../../shared/store/audit.ts';

type Input = (typeof wire.input)['_output'];

export const auditList = httpFunction('audit-list', {
  GET: sessionOperation({
    summary: "What has happened to the safety of the caller's account in the last year, newest first",
    ...wire,
    success: 200,
    handle: list,
  }),
});

async function list({ before = Number.MAX_SAFE_INTEGER, limit }: Input, { database, caller }: SessionContext) {
  const found = await database.list({
    collection: auditEvents(caller.accountId),
    where: [['place', '<', before]],
    orderBy: 'place',
    descending: true,
    limit,
  });
  const events = found.map(({ data: { event, at, sessionId } }) => ({ event, at, sessionId }));
  return { events, next: found.length === limit ? (found.at(-1)?.data.place ?? null) : null };
}
