import { once } from 'node:events';
import { createServer } from 'node:http';
import { loadSettings } from '@lockstep/core/settings';
import { createBackend } from '../../server/backend.ts';

// A web process without pages, as processes.ts starts it: one that a test may stop, continue, fill and kill.

const settings = loadSettings(process.env);
const backend = await createBackend(settings);
const server = createServer((req, res) => {
  if (!backend.handle(req, res)) res.writeHead(404).end();
});
backend.attach(server);
await once(server.listen(settings.PORT, settings.HOST), 'listening');

const filled: Buffer[] = [];
/** Takes so many bytes of memory. */
process.on('message', (bytes: number) => {
  filled.push(Buffer.alloc(bytes, 1));
  process.send?.('filled');
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
