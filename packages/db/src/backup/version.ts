import { readMigrations } from '../migrate.ts';
import { BackupError } from './fault.ts';
import type { AppliedMigration } from './tables.ts';

/**
 * Throws BackupError unless this version has all migrations that the data had: data of an earlier one is fine, of a
 * newer one not. `what` names the data.
 */
export const checkVersion = async (what: string, applied: readonly AppliedMigration[]): Promise<void> => {
  const ours = new Map((await readMigrations()).map(({ name, checksum }) => [name, checksum]));
  const newer = applied.filter(({ name }) => !ours.has(name)).at(-1);
  if (newer)
    throw new BackupError(
      `${what} is from a newer Lockstep (it has migration ${newer.name}): update Lockstep, then give the command again`,
    );
  const other = applied.find(({ name, checksum }) => ours.get(name) !== checksum);
  if (other)
    throw new BackupError(
      `${what} was made with another migration ${other.name} than this Lockstep has: use the version that made it`,
    );
};
