import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/**
 * The plain way to push, for comparison: no sessions, nothing stored, and one emit for each socket. Answers the same
 * call as the real server with a message that only has its numbers.
 */
let rev = 0;
const server = createServer((req, res) => {
  let text = '';
  req.on('data', (chunk) => {
    text += chunk;
  });
  req.on('end', () => {
    const { conversationId, clientId, body } = JSON.parse(text);
    rev++;
    const message = { conversationId, seq: rev, rev, senderId: randomUUID(), clientId, body, system: null };
    const full = { ...message, createdAt: Date.now(), editedAt: null, recalledAt: null };
    for (const socket of io.sockets.sockets.values()) {
      socket.emit('changes', [{ conversationId, messages: [full] }]);
    }
    res.writeHead(200, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify({ result: { data: full } }));
  });
});
const io = new Server(server, { transports: ['websocket'], serveClient: false });
io.on('connection', (socket) => socket.emit('ready', {}));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
let cpu = process.cpuUsage();
process.on('message', () => {
  const used = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  process.send?.({ cpuMs: (used.user + used.system) / 1_000, rssMb: process.memoryUsage.rss() / 2 ** 20 });
});
process.on('SIGTERM', () => process.exit(0));
