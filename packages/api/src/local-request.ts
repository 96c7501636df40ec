import type { IncomingMessage } from 'node:http';
import { isLoopbackHost, type Settings } from '@lockstep/core';
import ipaddr from 'ipaddr.js';
import { canonicalAddress } from './address.ts';

type Request = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Headers added by proxies. With one of them the request may come from anywhere. */
const OF_PROXIES = [
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'x-forwarded-server'],
  ...['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip'],
];

/** Whether a request came from this machine, to a host name of this machine, and not through a declared proxy. */
export const isFromThisMachine = ({ headers, socket }: Request): boolean => {
  const [address, own] = [socket.remoteAddress, socket.localAddress].map((one) =>
    canonicalAddress(one ?? ''),
  );
  if (!address || OF_PROXIES.some((name) => headers[name] !== undefined)) return false;
  if (ipaddr.parse(address).range() === 'loopback') return isLoopbackHost(headers.host);
  // A server that listens on a single address is reached by that address.
  const { host = '' } = headers;
  return address === own && canonicalAddress(host.startsWith('[') ? host : host.replace(/:\d+$/, '')) === own;
};

/**
 * Whether a person on this machine made the request: as above, and only if PUBLIC_URL is an address of this machine.
 * A proxy may add no header, and then everybody would seem local.
 */
export const isLocalRequest = (req: Request, { PUBLIC_URL }: Pick<Settings, 'PUBLIC_URL'>): boolean =>
  isLoopbackHost(new URL(PUBLIC_URL).host) && isFromThisMachine(req);
