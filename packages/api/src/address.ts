import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/**
 * Address of the client in its one canonical form. Behind a trusted proxy it is the last of X-Forwarded-For, the only
 * one that the proxy itself has written; otherwise that header can be forged and is not read. An invalid entry counts
 * as the proxy's own address. Null if the connection is already closed.
 */
export const clientAddress = (
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  trustProxy: boolean,
): string | null => {
  const forwarded = trustProxy ? String(headers['x-forwarded-for'] ?? '').split(',') : [];
  return canonicalAddress(forwarded.at(-1) ?? '') ?? canonicalAddress(socket.remoteAddress ?? '');
};

/**
 * `203.0.113.8` also from `203.0.113.8:4711`, `[::ffff:203.0.113.8]:4711` and in quotes; IPv6 as RFC 5952 writes it,
 * without a zone. Null for anything that is not an address, and for short forms such as `127.1`.
 */
export const canonicalAddress = (text: string): string | null => {
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const host = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(bare)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(bare)?.[1] ?? bare;
  const address = parse(host.replace(/%[\w.-]*$/, ''));
  return (
    address && (address.kind() === 'ipv4' ? address.toString() : (address as ipaddr.IPv6).toRFC5952String())
  );
};

/** The key for rate limits: an IPv4 address, or the /64 network of one IPv6 subscriber. */
export const limitKey = (address: string | null): string => {
  const parsed = address === null ? null : parse(address);
  if (!parsed) return 'unknown';
  return parsed.kind() === 'ipv4' ? parsed.toString() : `${networkOf(parsed as ipaddr.IPv6)}/64`;
};

const networkOf = ({ parts }: ipaddr.IPv6): string =>
  new ipaddr.IPv6([...parts.slice(0, 4), 0, 0, 0, 0]).toRFC5952String();

/** IPv4 in four decimal parts, or IPv6; a v4-mapped one is the IPv4 address that it stands for. */
const parse = (text: string): ipaddr.IPv4 | ipaddr.IPv6 | null => {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.process(text) : null;
};
