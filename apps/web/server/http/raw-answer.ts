import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** What an answered connection gets to read its answer, in ms; its other end may never close. */
const LINGER_MS = 1_000;

/** An answer on a connection that has no ServerResponse: a request that cannot be read, an upgrade. Closes it. */
export const answerAndClose = (
  socket: Duplex,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string = STATUS_CODES[status] ?? '',
): void => {
  const body = `${text}\n`;
  const lines = Object.entries({
    ...headers,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => {});
  closeSoon(socket);
  if (socket.writable)
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
};

/** Ends a connection for good after the linger, whatever its other end does. What still comes in is thrown away. */
const closeSoon = (socket: Duplex): void => {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.resume();
};
