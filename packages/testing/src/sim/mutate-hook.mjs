import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

// `--import` this before tsx: what it loads then comes from here. LOCKSTEP_MUTATION is a Mutation as JSON.
if (isMainThread) register(import.meta.url);

const { file, from, to } = JSON.parse(process.env.LOCKSTEP_MUTATION ?? '{}');

export const load = async (url, context, next) => {
  if (!file || !url.startsWith('file:') || !new URL(url).pathname.endsWith(`/${file}`))
    return next(url, context);
  const parts = (await readFile(fileURLToPath(url.split('?')[0]), 'utf8')).split(from);
  if (parts.length !== 2) throw new Error(`the mutation of ${file} does not apply`);
  return { format: 'module', source: parts.join(to), shortCircuit: true };
};
