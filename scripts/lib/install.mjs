import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root } from './files.mjs';
import { runNode } from './run.mjs';
import { StartError } from './steps.mjs';

/**
 * Whether node_modules holds what the lockfile says. npm keeps its own lockfile there, so no stamp can lie: a package
 * that is neither optional nor a link must be there in the same version.
 */
export const isInstalled = (folder = root) => {
  const hidden = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, link }]) =>
      !path.includes('node_modules/') ||
      (link ? present[path] !== undefined : optional || devOptional || present[path]?.version === version),
  );
};

/** Installs what is missing. Returns a few words for the step, or null when all is there. Throws StartError. */
export const install = async () => {
  if (isInstalled()) return null;
  const flags = ['--include=dev', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const fresh = !existsSync(join(root, 'node_modules', '.package-lock.json'));
  // `npm ci` would first throw away what other processes may be using.
  await runNode('npm', [npm(), ...(fresh ? ['ci'] : ['install', '--no-save']), ...flags]);
  if (isInstalled()) return fresh ? 'packages installed' : 'packages brought up to date';
  await runNode('npm', [npm(), 'ci', ...flags]);
  return 'packages installed anew';
};

/** The script of the npm that started us, or of the one beside node or on PATH: run without a shell on any platform. */
const npm = () => {
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
