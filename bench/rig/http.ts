import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  body: string;
}

/**
 * HTTP/1.1 with keep-alive, one request at a time on each connection, as a browser does; a second connection is opened
 * while the first is busy. Bare, for the same reason as frames.ts. Answers must have a Content-Length or be chunked.
 */
export class HttpClient {
  readonly #idle: Connection[] = [];
  readonly #all: Connection[] = [];

  constructor(
    readonly host: string,
    readonly port: number,
    readonly cookie: string,
  ) {}

  get connections(): number {
    return this.#all.length;
  }

  async post(path: string, body: string): Promise<Answer> {
    let connection = this.#idle.pop();
    if (connection && performance.now() - connection.usedAt > IDLE_MS) {
      connection.socket.destroy();
      // The others were used even before.
      for (const { socket } of this.#idle.splice(0)) socket.destroy();
      connection = undefined;
    }
    if (!connection) {
      connection = new Connection(this.host, this.port);
      this.#all.push(connection);
    }
    const answer = await connection.send(
      `POST ${path} HTTP/1.1\r\nHost: ${this.host}:${this.port}\r\nOrigin: http://${this.host}:${this.port}\r\n` +
        `Content-Type: application/json\r\nCookie: ${this.cookie}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    connection.usedAt = performance.now();
    this.#idle.push(connection);
    return answer;
  }

  close(): void {
    for (const connection of this.#all) connection.socket.destroy();
  }
}

/** Connections idle for longer are not used again, in ms: the server closes one after 75 s, perhaps at that moment. */
const IDLE_MS = 60_000;

class Connection {
  readonly socket: Socket;
  /** When the last answer came. */
  usedAt = 0;
  #rest: Buffer = Buffer.alloc(0);
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;

  constructor(host: string, port: number) {
    this.socket = connect({ host, port, noDelay: true });
    this.socket.on('data', (chunk) => this.#take(chunk));
    this.socket.on('error', (error) => this.#waiting?.reject(error));
    this.socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
  }

  send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#rest.subarray(0, end).toString('latin1');
    const after = this.#rest.subarray(end + 4);
    const length = /content-length: (\d+)/i.exec(head)?.[1];
    const body = length === undefined ? chunked(after) : after.length < Number(length) ? null : after;
    if (body === null) return;
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#rest = Buffer.alloc(0);
    waiting?.resolve({ status: Number(head.slice(9, 12)), body: body.toString() });
  }
}

/** The whole of a chunked body, or null when its end has not arrived. */
const chunked = (data: Buffer): Buffer | null => {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = data.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = Number.parseInt(data.subarray(at, line).toString('latin1'), 16);
    const start = line + 2;
    if (data.length < start + size + 2) return null;
    if (size === 0) return Buffer.concat(parts);
    parts.push(data.subarray(start, start + size));
    at = start + size + 2;
  }
};
