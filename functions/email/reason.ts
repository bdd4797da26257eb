/** Addresses, also inside others as bounce addresses have them. */
const address = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g;

/** Why an attempt failed, in the mail server's words, less the addresses in them: it is logged, listed and shown. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : 'unknown';
  return message.replace(address, '(address)').slice(0, 500);
}
