import type { Db } from '@lockstep/db';
import type { Progress } from '../import/progress.ts';
import { type ImportOptions, type ImportSummary, importIrc } from '../import/run.ts';

export const silent = (): Progress => ({ advance: () => {}, stop: () => {} });

/** A folder of logs into #ubuntu, as `npm run import` does where no option is given. */
export const importUbuntu = (
  db: Db,
  options: Partial<ImportOptions> & Pick<ImportOptions, 'folder'>,
): Promise<ImportSummary> =>
  importIrc(db, {
    title: 'ubuntu',
    isPrivate: false,
    as: null,
    network: 'irc',
    offsetMinutes: 0,
    threshold: 500,
    createProgress: silent,
    ...options,
  });
