import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { canonicalAddress, limitKey } from '@lockstep/api';
import type { Settings } from '@lockstep/core/settings';

export interface ConnectionLimits {
  /** Open at the same time. */
  total: number;
  /** Of one address, or of one /64 network of IPv6. Infinity behind a proxy, which all connections come from. */
  perAddress: number;
}

/** Behind a proxy all connections come from its one address. */
export const connectionLimits = ({
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_PER_ADDRESS,
  RATE_LIMITS,
  TRUST_PROXY,
}: Settings): ConnectionLimits => ({
  total: MAX_CONNECTIONS,
  perAddress:
    TRUST_PROXY === 'on' || RATE_LIMITS === 'off' ? Number.POSITIVE_INFINITY : MAX_CONNECTIONS_PER_ADDRESS,
});

interface Peer {
  open: number;
  /** Idle connections, the longest idle first. */
  waiting: Set<Socket>;
}

/**
 * Bounds the connections of a server. If there are too many, the longest idle one is closed, so that connections that
 * send nothing or slowly do not block people. If all are busy or upgraded to sockets, the new one is closed.
 */
export const limitConnections = (server: Server, { total, perAddress }: ConnectionLimits): void => {
  const peers = new Map<string, Peer>();
  const waiting = new Set<Socket>();
  const peerOf = new WeakMap<Socket, Peer>();
  const inHand = new WeakMap<Socket, number>();
  let open = 0;

  const wait = (socket: Socket) => {
    waiting.add(socket);
    peerOf.get(socket)?.waiting.add(socket);
  };
  const isBusy = (socket: Socket) => {
    waiting.delete(socket);
    peerOf.get(socket)?.waiting.delete(socket);
  };
  const makeRoom = (among: Set<Socket>, forSocket: Socket) => {
    const [longest = forSocket] = among;
    isBusy(longest);
    longest.destroy();
  };

  server.on('connection', (socket: Socket) => {
    const key = limitKey(canonicalAddress(socket.remoteAddress ?? ''));
    const peer = peers.get(key) ?? { open: 0, waiting: new Set() };
    peers.set(key, peer);
    peerOf.set(socket, peer);
    open++;
    peer.open++;
    socket.once('close', () => {
      isBusy(socket);
      open--;
      if (--peer.open === 0) peers.delete(key);
    });
    if (peer.open > perAddress) makeRoom(peer.waiting, socket);
    else if (open > total) makeRoom(waiting, socket);
    if (!socket.destroyed) wait(socket);
  });
  server.on('request', ({ socket }, res) => {
    isBusy(socket);
    inHand.set(socket, (inHand.get(socket) ?? 0) + 1);
    res.once('close', () => {
      const left = (inHand.get(socket) ?? 1) - 1;
      inHand.set(socket, left);
      if (left === 0 && !socket.destroyed) wait(socket);
    });
  });
  server.on('upgrade', (_req, socket) => isBusy(socket as Socket));
};
