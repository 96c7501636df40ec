import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, isStamped, root, stamp } from './files.mjs';
import { bundled } from './programs.mjs';
import { runNode } from './run.mjs';

const lock = 'package-lock.json';

/** The Prisma client, when the schema or Prisma itself changed. Returns words for the step, or null. */
export const generate = async () => {
  const value = hashOf(['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json']);
  if (isStamped('generate', value) && existsSync(join(root, 'packages/db/src/generated/client.ts')))
    return null;
  await runNode('prisma generate', ['node_modules/prisma/build/index.js', 'generate'], {
    // `generate` asks for the schema engine but does nothing with it: any program serves, and none is downloaded.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
  stamp('generate', value);
  return 'database client generated';
};

/** The server programs, when anything of what is bundled into them changed. Returns words for the step, or null. */
export const bundle = async () => {
  const value = hashOf(['apps', 'packages', 'scripts', lock]);
  if (isStamped('bundle', value) && existsSync(bundled('launch'))) return null;
  await runNode('The build of the server', ['scripts/lib/bundle.mjs']);
  stamp('bundle', value);
  return 'server built';
};

/** The web app, when anything of what it bundles changed. Returns words for the step, or null. */
export const build = async () => {
  const value = hashOf([
    'apps/web',
    'packages/protocol',
    'packages/search',
    'packages/sync',
    'tsconfig.base.json',
    lock,
  ]);
  if (isStamped('build', value) && existsSync(join(root, 'apps/web/.next/BUILD_ID'))) return null;
  const next = join(root, 'node_modules/next/dist/bin/next');
  await runNode('The build of the web app', [next, 'build'], quiet, join(root, 'apps/web'));
  stamp('build', value);
  return 'web app built';
};

export const turbo = () => join(root, 'node_modules/turbo/bin/turbo');

export const quiet = {
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
};
