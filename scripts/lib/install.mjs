import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { hashOf, isStamped, root, stamp } from './files.mjs';
import { runNode } from './run.mjs';
import { StartError } from './steps.mjs';

const FLAGS = ['--include=dev', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];

/**
 * Whether node_modules holds what the lockfile says. npm keeps its own lockfile in there, so this is seen, not
 * remembered: each package that is neither optional, nor left over, nor for certain platforms only must be there in the
 * same version.
 */
export const isInstalled = (folder = root) => {
  const hidden = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, extraneous, link, os, cpu, libc }]) => {
    if (!path.includes('node_modules/') || optional || extraneous || os || cpu || libc) return true;
    return link ? present[path] !== undefined : present[path]?.version === version;
  });
};

/** Installs what is missing. Returns a few words for the step, or null when all is there. Throws StartError. */
export const install = async () => {
  const lockfile = hashOf(['package-lock.json']);
  const fresh = !existsSync(join(root, 'node_modules', '.package-lock.json'));
  // The stamp is for a lockfile that npm reads otherwise than we do: it is not installed over and over.
  if (!fresh && (isStamped('install', lockfile) || isInstalled())) return null;
  // `npm ci` would first throw away what is there, be it in use by another process or not.
  const how = fresh ? ['ci'] : ['install', '--no-save'];
  await runNode('npm', [npm(), ...how, ...FLAGS]);
  stamp('install', lockfile);
  return fresh ? 'packages installed' : 'packages brought up to date';
};

/** The script of the npm that started us, or of the one beside node or on PATH: run without a shell on any platform. */
export const npm = () => {
  const given = process.env.npm_execpath;
  if (given?.endsWith('npm-cli.js')) return given;
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? '').split(delimiter)].filter(Boolean);
  for (const folder of folders) {
    const beside = [
      join(folder, 'node_modules/npm/bin/npm-cli.js'),
      join(folder, '../lib/node_modules/npm/bin/npm-cli.js'),
    ].find(existsSync);
    if (beside) return beside;
    const command = join(folder, 'npm');
    if (existsSync(command) && realpathSync(command).endsWith('npm-cli.js')) return realpathSync(command);
  }
  throw new StartError('npm was not found: it comes with Node, see https://nodejs.org');
};
