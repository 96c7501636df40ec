import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  text: string;
}

/** Sends these bytes on a connection of its own, and resolves with all that came until the other side closed it. */
export const askRaw = async (port: number, bytes: string, host = '127.0.0.1'): Promise<RawAnswer> => {
  const socket = await openRaw(port, host);
  socket.write(bytes, 'latin1');
  return parseAnswer(await readAll(socket));
};

/** It does not close its side when the other one does. */
export const openRaw = async (port: number, host = '127.0.0.1'): Promise<Socket> => {
  const socket = connect({ port, host, allowHalfOpen: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
};

/** Until the other side ends or breaks the connection. */
export const readAll = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.once('end', () => resolve(text));
    socket.once('close', () => resolve(text));
  });

/** The first answer in `text`; status 0 where there is none. */
export const parseAnswer = (text: string): RawAnswer => {
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':', 1)[0]?.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: body.join('\r\n\r\n'), text };
};
