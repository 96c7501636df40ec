import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that counts what passes, headers and frames included, in bytes. */
export const countingProxy = async (port: number) => {
  const sockets = new Set<Socket>();
  const bytes = { up: 0, down: 0 };
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
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
    client.on('data', (data) => {
      bytes.up += data.length;
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      bytes.down += data.length;
      client.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    bytes,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
