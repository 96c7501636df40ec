import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../lib/files.mjs';
import { npm } from '../lib/install.mjs';
import { runNode } from '../lib/run.mjs';
import { StartError } from '../lib/steps.mjs';

/** The registry was not reached, or has no such Node for this platform. */
export class NodeUnavailable extends StartError {
  override name = 'NodeUnavailable';
}

const UNAVAILABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|E404|ETARGET|network/;

const FLAGS = [
  ...['--ignore-scripts', '--no-bin-links', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'],
  ...['--fetch-retries=1', '--fetch-retry-mintimeout=1000'],
];

/** Where the npm package `node` takes its binary from. */
const platformPackage = (): string => {
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = os === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${os}-${process.arch}`;
};

/**
 * The program of that Node: `20.19.0`, or `26` for the newest of it. Fetched with npm once and kept below node_modules;
 * `again` fetches it again. Throws NodeUnavailable, and StartError when npm fails otherwise.
 */
export const fetchNode = async (version: string, again = false): Promise<string> => {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const folder = join(root, 'node_modules/.cache/lockstep/nodes', version);
  const kept = join(folder, name);
  if (existsSync(kept) && !again) return kept;
  const asked = `${platformPackage()}@${version}`;
  const temporary = mkdtempSync(join(tmpdir(), 'lockstep-node-'));
  try {
    // npm installs into the folder that has one of these, or it looks further up.
    writeFileSync(join(temporary, 'package.json'), '{}');
    await runNode('npm', [npm(), 'install', '--prefix', temporary, asked, ...FLAGS]);
    mkdirSync(folder, { recursive: true });
    // Beside it first, since the temporary folder may be on another disk.
    const beside = `${kept}.${process.pid}`;
    copyFileSync(join(temporary, 'node_modules', platformPackage(), 'bin', name), beside);
    renameSync(beside, kept);
    return kept;
  } catch (error) {
    const { message } = error as Error;
    if (!UNAVAILABLE.test(message)) throw error;
    const line = message.split('\n').find((text) => UNAVAILABLE.test(text));
    throw new NodeUnavailable(`Node ${version} cannot be had (${asked}): ${line}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
};
