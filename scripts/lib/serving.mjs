import { existsSync, readFileSync } from 'node:fs';
import { readStamp, stamp } from './files.mjs';

/** Notes that this process serves what was built in this folder. */
export const noteServing = () => stamp('serving', String(process.pid));

/** The process of an `npm start` that serves from this folder, or null. */
export const servingFromHere = () => {
  const pid = Number(readStamp('serving'));
  if (!pid) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return null;
  }
  // After a restart of the machine the number may be that of another program.
  const command = `/proc/${pid}/cmdline`;
  return !existsSync(command) || readFileSync(command, 'utf8').includes('start.mjs') ? pid : null;
};
