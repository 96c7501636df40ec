import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Sees each piece of one connection before it is passed on. False drops the piece and destroys the connection. */
interface Passing {
  up(data: Buffer): boolean;
  down(data: Buffer): boolean;
}

interface TcpProxy {
  port: number;
  /** Destroys all connections and takes no more. */
  close(): Promise<void>;
}

/** A TCP proxy on the loopback interface. `connected` is called for each connection. */
export const tcpProxy = async (
  target: { host: string; port: number },
  connected: () => Passing,
): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ ...target, noDelay: true });
    const passing = connected();
    const destroy = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', destroy);
      socket.on('close', () => {
        sockets.delete(socket);
        destroy();
      });
    }
    client.on('data', (data) => (passing.up(data) ? upstream.write(data) : destroy()));
    upstream.on('data', (data) => (passing.down(data) ? client.write(data) : destroy()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
