// Loaded before the processes of the product. A hangup is for whoever writes their logs, and output that nobody takes
// any more, since that one was killed, must not end them in another way than the stop that follows.
process.on('SIGHUP', () => {});
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
