import { SettingsError } from '@lockstep/core/settings';
import { applyMigrations } from '@lockstep/db';
import { reachPostgres } from './lib/reach.ts';
import { readSettings } from './lib/settings.ts';
import { printFault } from './lib/steps.mjs';

/** `node --import tsx scripts/migrate.ts` brings DATABASE_URL up to date. For containers; `npm start` does it by itself. */
try {
  const { DATABASE_URL } = readSettings();
  if (!DATABASE_URL) throw new SettingsError('DATABASE_URL: which database should be brought up to date?');
  await reachPostgres(DATABASE_URL);
  const added = await applyMigrations(DATABASE_URL);
  console.log(added.length > 0 ? `applied ${added.join(', ')}` : 'up to date');
} catch (error) {
  printFault(error);
  process.exitCode = 1;
}
