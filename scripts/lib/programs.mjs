import { join } from 'node:path';
import { root } from './files.mjs';

/** What runs in production, by its name in dist/ (bundle.mjs). Paths from the root. */
export const PROGRAMS = {
  web: 'apps/web/server/main.ts',
  worker: 'apps/worker/src/main.ts',
  launch: 'scripts/lib/launch.ts',
  demo: 'scripts/demo.ts',
  migrate: 'scripts/migrate.ts',
  admin: 'scripts/admin.ts',
  search: 'scripts/search.ts',
  backup: 'scripts/backup.ts',
  restore: 'scripts/restore.ts',
  move: 'scripts/move.ts',
  'verify-export': 'scripts/verify-export.ts',
};

export const bundled = (name) => join(root, 'dist', `${name}.mjs`);
