import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadSettings } from '@lockstep/core/settings';
import { createBackend } from '@lockstep/web/backend';

/** The real server without the pages, in a process of its own. Tells its port to the benchmark that forked it. */
const server = createServer({ keepAlive: true }, (req, res) => {
  if (!backend.handle(req, res)) res.writeHead(404).end();
});
server.keepAliveTimeout = 75_000;
const backend = await createBackend(
  loadSettings(process.env),
  process.env.BENCH_APPEND === 'single' ? { batchSize: 1, concurrency: 8 } : {},
);
backend.attach(server);
server.listen(Number(process.env.BENCH_PORT ?? 0), '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);

let cpu = process.cpuUsage();
process.on('message', (message) => {
  if (message !== 'cpu') return;
  const used = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  process.send?.({ cpuMs: (used.user + used.system) / 1_000, rssMb: process.memoryUsage.rss() / 2 ** 20 });
});
process.on('SIGTERM', async () => {
  await backend.close();
  process.exit(0);
});
