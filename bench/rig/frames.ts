import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/**
 * A device of the load generator: Socket.IO over WebSocket on a bare TCP socket. Client libraries cost more per frame
 * than the server does, and would be what is measured.
 */
export interface Device {
  /** The server's `ready`. */
  ready: Promise<void>;
  socket: Socket;
  close(): void;
}

const TEXT = 1;
const CLOSE = 8;
const PING = 9;

/** `onEvent` gets the payload of each Socket.IO event, from its `[` on. */
export const openDevice = (
  host: string,
  port: number,
  cookie: string,
  onEvent: (payload: Buffer) => void,
): Device => {
  const socket = connect({ host, port, noDelay: true });
  let resolve: () => void;
  let reject: (error: Error) => void;
  const ready = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  socket.once('error', (error) => reject(error));
  socket.once('close', () => reject(new Error('closed before it was ready')));
  socket.once('connect', () => {
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        `Origin: http://${host}:${port}\r\nCookie: ${cookie}\r\n\r\n`,
    );
  });

  const onText = (payload: Buffer) => {
    switch (payload[0]) {
      case 0x30: // Engine.IO open
        socket.write(frame('40'));
        return;
      case 0x32: // Engine.IO ping
        socket.write(frame('3'));
        return;
      case 0x34: // Engine.IO message
        if (payload[1] === 0x34) reject(new Error(`refused: ${payload}`));
        if (payload[1] !== 0x32) return;
        if (payload.subarray(2, 9).toString() === '["ready') resolve();
        else onEvent(payload.subarray(2));
    }
  };

  let rest: Buffer = Buffer.alloc(0);
  let upgraded = false;
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!upgraded) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      const status = rest.subarray(0, end).toString().split('\r\n', 1)[0] ?? '';
      if (!status.includes(' 101 ')) {
        reject(new Error(status));
        socket.destroy();
        return;
      }
      upgraded = true;
      rest = rest.subarray(end + 4);
    }
    let at = 0;
    for (;;) {
      const size = frameAt(rest, at);
      if (!size) break;
      const opcode = (rest[at] as number) & 15;
      if (opcode === TEXT) onText(rest.subarray(at + size.head, at + size.head + size.body));
      else if (opcode === PING) socket.write(frame('', 10));
      else if (opcode === CLOSE) socket.end();
      at += size.head + size.body;
    }
    rest = at === rest.length ? Buffer.alloc(0) : rest.subarray(at);
  });
  return { ready, socket, close: () => socket.destroy() };
};

/** Lengths of the unmasked frame at an offset, or null when it has not all arrived. */
const frameAt = (data: Buffer, at: number): { head: number; body: number } | null => {
  const left = data.length - at;
  if (left < 2) return null;
  const short = (data[at + 1] as number) & 127;
  if (short === 126 ? left < 4 : short === 127 && left < 10) return null;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  const body =
    short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
  return left < head + body ? null : { head, body };
};

/** A masked frame of fewer than 126 bytes. */
const frame = (text: string, opcode = TEXT): Buffer => {
  const body = Buffer.from(text);
  const mask = randomBytes(4);
  for (let i = 0; i < body.length; i++) body[i] = (body[i] as number) ^ (mask[i % 4] as number);
  return Buffer.concat([Buffer.from([128 | opcode, 128 | body.length]), mask, body]);
};
