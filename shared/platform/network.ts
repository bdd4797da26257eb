import { isIPv6 } from 'node:net';

/** Groups of 16 bits that name a network in an IPv6 address: what one customer gets is a /64 at least. */
const networkGroups = 4;

/**
 * Whom a network address belongs to, as far as an address tells. An IPv4 address stands for itself, also when written
 * as IPv6 (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2). Of other IPv6 addresses the first 64 bits count: whoever has one
 * address of such a network has 2^64 (RFC 6177).
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return address;
  const groups = groupsOf(plain);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [groups[6], groups[7]].flatMap((group = 0) => [group >> 8, group & 0xff]).join('.');
  const network = groups.slice(0, networkGroups).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** Its eight groups. The URL parser writes any IPv6 address in one way, without dotted decimals. */
function groupsOf(address: string): number[] {
  const { hostname } = new URL(`http://[${address}]/`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const numbers = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return numbers(head);
  const [first, last] = [numbers(head), numbers(tail)];
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
}
