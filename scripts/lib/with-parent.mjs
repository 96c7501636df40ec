// Loaded before a child of `npm start`: when the parent is gone, killed for one, the child stops by itself and frees
// its port. Until then the channel does not keep the child alive.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
