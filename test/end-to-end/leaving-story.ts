import { Connection } from '../../client/connection.ts';
import { changeAddress, confirmAddress } from '../../client/email-address.ts';
import { CallFailed } from '../../client/failures.ts';
import { deleteAccount, exportAccount, sendDeletionCode } from '../../client/leaving.ts';
import { type Credentials, logIn, type Session } from '../../client/log-in.ts';
import { type LocalStack, tokenIn } from '../../emulator/demo/local-stack.ts';
import { codeIn } from '../support/mail.ts';

/** Moves to another address, takes everything along, and goes. Its mails are two to each address. */
export async function leave(stack: LocalStack, session: Session, next: Credentials): Promise<void> {
  const connection = new Connection(stack.url);
  await changeAddress(session, next);
  await confirmAddress(connection, tokenIn(await stack.waitForMail(next.email, /new address/)));
  const moved = await logIn(connection, next);
  expect(moved.keys).toEqual(session.keys);
  const taken = await new Response(await exportAccount(moved)).json();
  expect(taken).toMatchObject({ account: [{ email: next.email }], complete: true });
  await sendDeletionCode(connection, next.email);
  const code = codeIn(await stack.waitForMail(next.email, /delete/));
  const refused = await deleteAccount(connection, { code }).catch((error: unknown) => error);
  if (!(refused instanceof CallFailed)) throw new Error('Nothing was asked about the groups.');
  expect(refused.code).toBe('GROUPS_NEED_CHOICE');
  const asked = refused.problem.groups as { readonly groupId: string }[];
  const choices = asked.map(({ groupId }) => ({ groupId, action: 'delete' as const }));
  expect(await deleteAccount(connection, { code }, choices)).toMatchObject({ deleted: true, groupsDeleted: 1 });
  await expect(logIn(connection, next)).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
}
