import { loadSettings, SettingsError } from '@lockstep/core/settings';
import { applyMigrations } from '@lockstep/db';

/** `node --import tsx scripts/migrate.ts` brings DATABASE_URL up to date. For containers; `npm start` does it by itself. */
try {
  const { DATABASE_URL } = loadSettings();
  if (!DATABASE_URL) throw new SettingsError('DATABASE_URL: which database should be brought up to date?');
  const added = await applyMigrations(DATABASE_URL);
  console.log(added.length > 0 ? `applied ${added.join(', ')}` : 'up to date');
} catch (error) {
  console.error(error instanceof SettingsError ? error.message : error);
  process.exitCode = 1;
}
