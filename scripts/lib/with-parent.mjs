import { isMainThread } from 'node:worker_threads';

// Loaded before a program that must not outlive the one that started it: when the parent is gone, killed for one, the
// program stops by itself and frees its port. Until then the channel does not keep the program alive.
if (isMainThread) {
  const stop = () => process.kill(process.pid, 'SIGTERM');
  process.on('disconnect', stop);
  // The parent may have gone before we listened.
  if (process.connected === false) stop();
  process.channel?.unref();
}
