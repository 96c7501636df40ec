import type { Io } from './types.ts';

/** How long the devices of one socket after the other get to reconnect, in ms: other processes take that many. */
const MS_PER_SOCKET = 2;
const LEAST_MS = 200;
const CHECK_MS = 50;

/**
 * Asks the devices of this process to connect to another one, at random moments. Until then they stay here and get all
 * pushes. Resolves when all have gone, or after `ms`.
 */
export const moveSockets = async (io: Io, ms: number): Promise<void> => {
  const { sockets } = io.of('/');
  if (sockets.size === 0) return;
  // The second half is for those whose first attempt fails.
  const withinMs = Math.ceil(Math.min(ms / 2, LEAST_MS + MS_PER_SOCKET * sockets.size));
  io.local.emit('reconnect', { withinMs });
  const end = performance.now() + ms;
  while (sockets.size > 0 && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
};
