import type { IncomingMessage } from 'node:http';
import { isLoopbackHost, type Settings } from '@lockstep/core';
import ipaddr from 'ipaddr.js';
import { canonicalAddress } from './address.ts';

type Request = Pick<IncomingMessage, 'headers' | 'socket'>;

/** What proxies add. One of them, and the request may come from anywhere. */
const OF_PROXIES = [
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'x-forwarded-server'],
  ...['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip'],
];

/** Whether a request came from this machine, to a host that names it, and not by way of a proxy that says so. */
export const isFromThisMachine = ({ headers, socket }: Request): boolean => {
  const [address, own] = [socket.remoteAddress, socket.localAddress].map((one) =>
    canonicalAddress(one ?? ''),
  );
  if (!address || OF_PROXIES.some((name) => headers[name] !== undefined)) return false;
  if (ipaddr.parse(address).range() === 'loopback') return isLoopbackHost(headers.host);
  // One that listens on a single address is reached by that one.
  const { host = '' } = headers;
  return address === own && canonicalAddress(host.startsWith('[') ? host : host.replace(/:\d+$/, '')) === own;
};

/**
 * Whether it was made by somebody on this machine: as above, and only where people come by an address of the machine
 * itself. A proxy may say nothing, and then everybody would seem to be here.
 */
export const isLocalRequest = (req: Request, { PUBLIC_URL }: Pick<Settings, 'PUBLIC_URL'>): boolean =>
  isLoopbackHost(new URL(PUBLIC_URL).host) && isFromThisMachine(req);
