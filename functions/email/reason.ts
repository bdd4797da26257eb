import { types } from 'node:util';
import { errorCode } from '../../shared/platform/log.ts';

/** Addresses, also inside others as bounce addresses have them. */
const address = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g;

/** Why an attempt failed, in the mail server's words, less the addresses in them: it is logged, listed and shown. */
export function reasonOf(error: unknown): string {
  const message = types.isNativeError(error) ? error.message || errorCode(error) : undefined;
  return (message ?? 'unknown').replace(address, '(address)').slice(0, 500);
}
