import { sha256Hex } from '../../shared/platform/hash.ts';
import { type Handshake, handshakes } from '../../shared/store/handshakes.ts';
import { logins } from '../../shared/store/logins.ts';
import { type OutboxMessage, outbox } from '../../shared/store/outbox.ts';
import { type Token, tokens } from '../../shared/store/tokens.ts';
import { mine, type Owner, type Pages, type Store } from './holding.ts';
import { paged } from './paged.ts';

/** Its own, and those that were mailed to its addresses for a sign-up which it took the place of. */
export async function* tokensOf(owner: Owner, store: Store): Pages<Token> {
  const { database } = store;
  yield* mine(tokens)(owner, store);
  for (const email of owner.emails) {
    const loginId = sha256Hex(email);
    const [login] = await database.get(logins.doc(loginId));
    for await (const page of paged(database, { collection: tokens, where: [['loginId', '==', loginId]] })) {
      yield page.filter(({ data }) => data.accountId !== owner.accountId && data.accountId !== login?.data.accountId);
    }
  }
}

/** Of its addresses. Later ones are left only to an account that has signed up with the address since. */
export async function* handshakesOf(
  { emails, until = Number.POSITIVE_INFINITY }: Owner,
  { database }: Store,
): Pages<Handshake> {
  for (const email of emails) {
    const loginId = sha256Hex(email);
    const [login] = await database.get(logins.doc(loginId));
    for await (const page of paged(database, { collection: handshakes(loginId), where: [] })) {
      yield login === undefined ? page : page.filter(({ data }) => data.at <= until);
    }
  }
}

/** Mails to its addresses, but for those to whoever has signed up with one since, and the last one. */
export async function* mailsTo({ emails, until, lastMailId }: Owner, { database }: Store): Pages<OutboxMessage> {
  for (const email of emails) {
    for await (const page of paged(database, { collection: outbox, where: [['to', '==', email]] })) {
      yield page.filter(({ id, data }) => id !== lastMailId && (until === undefined || data.created <= until));
    }
  }
}
