import type * as z from 'zod';
import { accountDelete, accountDeleteCodeSend, type GroupChoice } from '../shared/protocol/leaving.ts';
import type { Connection } from './connection.ts';
import { type Credentials, freshProof, type Session } from './log-in.ts';

/**
 * Everything the server holds of the account, as one JSON document (docs/leaving.md): to be written to a file as it
 * comes. It is whole if it can be parsed, and ends with `"complete": true`.
 * @throws {CallFailed} `RATE_LIMITED`; the stream fails where the answer breaks off
 */
export async function exportAccount({ connection }: Session): Promise<ReadableStream<Uint8Array>> {
  return (await connection.stream('account-export')).bytes;
}

/** Has a code mailed with which the account can be deleted. The answer is the same for every address. */
export async function sendDeletionCode(connection: Connection, email: string): Promise<void> {
  await connection.post('account-delete-code-send', accountDeleteCodeSend, { email });
}

/**
 * Deletes the account for good.
 * @param proof its passphrase, or a mailed code
 * @param groups what becomes of each group that would be left without an admin; the others are left
 * @throws {CallFailed} `PROOF_FAILED`; `GROUPS_NEED_CHOICE`, whose `problem.groups` are those still to be decided:
 * nothing is changed then
 */
export async function deleteAccount(
  connection: Connection,
  proof: Credentials | { readonly code: string },
  groups: readonly GroupChoice[] = [],
): Promise<z.output<typeof accountDelete.output>> {
  return connection.post('account-delete', accountDelete, {
    proof: 'code' in proof ? proof : await freshProof(connection, proof),
    groups: [...groups],
  });
}
