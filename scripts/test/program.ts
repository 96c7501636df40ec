import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@lockstep/testing';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a program of this repository as in production, on a port of its own, until it ends by itself. */
export const runProgram = async (cwd: string, args: string[], env: Record<string, string | undefined>) =>
  spawnSync(process.execPath, ['--import', 'tsx', ...args], {
    cwd: join(root, cwd),
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', PORT: String(await freePort()), ...env },
  });
