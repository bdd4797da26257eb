import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { rekeyList as wire } from '../../shared/protocol/group.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { groups, links } from '../../shared/store/groups.ts';
import { grantors, standings } from '../group/grantors.ts';
import { linksOf } from '../group/links-of.ts';

export const rekeyList = httpFunction('rekey-list', {
  GET: sessionOperation({
    summary: 'The members of your groups who have new keys and wait for you to grant them the group key again',
    ...wire,
    success: 200,
    handle: async (_input, context) => ({ waiting: (await waitingFor(context)).flat() }),
  }),
});

/** One read a group of the caller's where nobody waits; where somebody does, every link of it. */
async function waitingFor(context: SessionContext) {
  const { database, caller } = context;
  const mine = await linksOf(database, caller.accountId);
  const open = mine.filter(({ data }) => data.state === 'active');
  return Promise.all(open.map(({ data }) => waitingIn(data.groupId, context)));
}

async function waitingIn(groupId: string, { database, caller }: SessionContext) {
  const waiting = await database.list({ collection: links(groupId), where: [['state', '==', 'needs-rekey']] });
  if (waiting.length === 0) return [];
  const [group] = await database.get(groups.doc(groupId));
  if (group === undefined || group.data.deletedAt !== null) return [];
  const members = await standings(database, group);
  if (!grantors(members).some(({ id }) => id === caller.accountId)) return [];
  const people = await database.get(...waiting.map(({ id }) => accounts.doc(id)));
  const { name: groupName, keyEpoch } = group.data;
  return Promise.all(
    waiting.flatMap(({ id: accountId, data: { role } }, index) => {
      const account = people[index];
      if (account === undefined) return [];
      const { email, firstName, lastName, publicKey, generation } = account.data;
      const who = { accountId, email, firstName, lastName, role, publicKey, generation };
      return [
        publicKeyFingerprint(publicKey).then((fingerprint) => ({ groupId, groupName, keyEpoch, ...who, fingerprint })),
      ];
    }),
  );
}
