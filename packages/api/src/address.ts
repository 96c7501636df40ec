import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/**
 * Address of the client. Behind a trusted proxy it is the last of X-Forwarded-For, the only one that the proxy itself
 * has written; otherwise that header is anyone's claim and not read.
 */
export const clientAddress = (req: IncomingMessage, trustProxy: boolean): string | null => {
  const forwarded = trustProxy ? String(req.headers['x-forwarded-for'] ?? '') : '';
  const address = forwarded.split(',').at(-1)?.trim() || req.socket.remoteAddress;
  return address?.replace(/^::ffff:/i, '').slice(0, 64) ?? null;
};

/** What is limited together: an IPv4 address, or the /64 network that one IPv6 subscriber has. */
export const limitKey = (address: string | null): string => {
  if (!address) return 'unknown';
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  if (tail !== undefined) {
    const rest = tail.split(':').filter(Boolean);
    while (groups.length + rest.length < 8) groups.push('0');
    groups.push(...rest);
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
};
