import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApiHandler } from '@lockstep/api';
import { createCore, silentPublisher } from '@lockstep/core';
import { loadSettings } from '@lockstep/core/settings';
import { createDb } from '@lockstep/db';
import pino from 'pino';

// The server of the hostile test, in a process of its own: who asks does not count as what the answers cost.

const settings = loadSettings(process.env);
const core = createCore({
  db: createDb({ connectionString: settings.DATABASE_URL as string, poolSize: settings.DATABASE_POOL }),
  settings,
  publish: silentPublisher,
  enqueueConversations: () => {},
  log: pino({ level: 'silent' }),
});

/** How often the event loop is looked at, in ms. */
const EVERY_MS = 3;
let longest = 0;
let before = { at: performance.now(), cpu: process.cpuUsage() };
/**
 * The longest time for which the event loop was held, in ms. Where the machine gave the processor to others meanwhile,
 * the CPU time of this process says what was ours.
 */
const look = () => {
  const at = performance.now();
  const { user, system } = process.cpuUsage(before.cpu);
  longest = Math.max(longest, Math.min(at - before.at - EVERY_MS, (user + system) / 1_000));
  before = { at, cpu: process.cpuUsage() };
  setTimeout(look, EVERY_MS);
};
look();

const server = createServer(createApiHandler(core, { checkOutputs: false }));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', (message) => {
  process.send?.({ longest });
  if (message === 'reset') longest = 0;
});
process.on('disconnect', () => process.exit(0));
