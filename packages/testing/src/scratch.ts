import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardEmbeddedPostgres, isAlive } from '@lockstep/db/embedded';

const PREFIX = 'lockstep-scratch-';

/**
 * A new temporary folder for one run. Its name says whose it is: what a killed run left behind, its Postgres
 * included, is removed on the way.
 */
export const scratchFolder = async (): Promise<string> => {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(name.match(/^lockstep-scratch-(\d+)-/)?.[1]);
    if (!owner || isAlive(owner)) continue;
    const folder = join(tmpdir(), name);
    try {
      await discardEmbeddedPostgres(folder);
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's, or another run is removing it.
    }
  }
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
};
