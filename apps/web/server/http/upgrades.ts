import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerAndClose } from './raw-answer.ts';
import { requestFault } from './request-fault.ts';

export type Upgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => void;

interface UpgradeOptions {
  /** Of every answer that is no upgrade. */
  headers: Readonly<Record<string, string>>;
  /** Hot reload has sockets of its own. */
  other?: Upgrade | undefined;
}

export const SOCKETS_PATH = '/socket.io/';

/**
 * Routes upgrades to the sockets; any other one is answered and closed. Only requests like those of our clients are
 * passed on, because Engine.IO and ws would answer others without our headers.
 */
export const serveUpgrades = (server: Server, sockets: Upgrade, { headers, other }: UpgradeOptions): void => {
  server.on('upgrade', (req, socket, head) => {
    socket.on('error', () => {});
    const [path = ''] = (req.url ?? '').split('?', 1);
    const fault = requestFault(req);
    if (fault) answerAndClose(socket, fault.status, { ...headers, ...fault.headers }, fault.text);
    else if (path === SOCKETS_PATH && isWebSocket(req)) sockets(req, socket, head);
    else if (path === SOCKETS_PATH) answerAndClose(socket, 400, headers, 'Only WebSocket, version 13.');
    else if (other) other(req, socket, head);
    else answerAndClose(socket, 404, headers);
  });
};

const isWebSocket = ({ method, url, headers, httpVersion }: IncomingMessage): boolean => {
  const query = new URLSearchParams(url?.split('?', 2)[1]);
  return (
    method === 'GET' &&
    httpVersion === '1.1' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '') &&
    headers['sec-websocket-version'] === '13' &&
    headers['sec-websocket-protocol'] === undefined &&
    query.getAll('EIO').join() === '4' &&
    query.getAll('transport').join() === 'websocket' &&
    !query.has('sid')
  );
};
