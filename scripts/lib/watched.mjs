import { spawn } from 'node:child_process';

// `node watched.mjs <arguments of node>`: runs a program and everything that it starts in a process group of its own,
// and ends all of it when whoever started us is gone. Our exit code is that of the program.
const endAll = () => process.kill(-process.pid, 'SIGTERM');
process.on('disconnect', endAll);
if (process.connected === false) endAll();

const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit'] });
child.once('exit', (code, signal) => {
  if (signal) console.error(`It was ended by ${signal}`);
  process.exit(code ?? 1);
});
