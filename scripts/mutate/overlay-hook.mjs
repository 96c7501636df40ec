import { existsSync, readFileSync } from 'node:fs';
import { register } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

// `--import` this before tsx: processes that tests start load the files of LOCKSTEP_OVERLAY in the place of those of
// LOCKSTEP_ROOT. The files themselves stay as they are.

const { LOCKSTEP_OVERLAY: overlay, LOCKSTEP_ROOT: root } = process.env;
if (isMainThread && overlay) register(import.meta.url);

export const load = async (url, context, next) => {
  if (!overlay || !url.startsWith('file:') || url.includes('/node_modules/')) return next(url, context);
  const file = join(overlay, relative(root ?? '', fileURLToPath(url.split('?')[0])));
  if (!file.startsWith(overlay) || !existsSync(file)) return next(url, context);
  return { format: 'module', source: readFileSync(file, 'utf8'), shortCircuit: true };
};
