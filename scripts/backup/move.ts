import { existsSync, realpathSync } from 'node:fs';
import { loadSettings, type Settings } from '@lockstep/core/settings';
import { moveDatabase } from '@lockstep/db/backup';
import { hasEmbeddedData } from '@lockstep/db/embedded';
import { lockData } from '../lib/lock.ts';
import { StartError } from '../lib/steps.mjs';
import { openWorkspaceDatabase } from '../lib/workspace.ts';
import { asOneLine, type Options, onTarget, typed } from './commands.ts';
import { countedRows } from './progress.ts';

const isUrl = (to: string): boolean => /^postgres(ql)?:/i.test(to);

/** Where it goes: the data directory is another one only where a folder was named. */
const targetOf = (
  to: string,
  { DATA_DIR, DATABASE_URL }: Settings,
): { url: string | null; dataDir: string } => {
  if (isUrl(to)) {
    // The setting it will become, so its faults are named in the same way.
    const { DATABASE_URL: url } = loadSettings({ DATABASE_URL: to });
    if (url === DATABASE_URL) throw new StartError('--to: the workspace is there already');
    return { url, dataDir: DATA_DIR };
  }
  const dataDir = typed(to);
  const isHere =
    existsSync(dataDir) && existsSync(DATA_DIR) && realpathSync(dataDir) === realpathSync(DATA_DIR);
  if (isHere && !DATABASE_URL) throw new StartError(`--to: the workspace is in ${dataDir} already`);
  return { url: null, dataDir };
};

/** `npm run move`. Throws StartError. */
export const moveTo = async (to: string, { settings, signal, print }: Options): Promise<void> => {
  const began = performance.now();
  const { DATA_DIR, DATABASE_URL } = settings;
  const { url, dataDir } = targetOf(to, settings);
  if (!DATABASE_URL && !hasEmbeddedData(DATA_DIR))
    throw new StartError(
      `DATA_DIR: there is no workspace in ${DATA_DIR}: set DATA_DIR to the one that is to move`,
    );
  const locks = [...new Set([DATA_DIR, dataDir])].map((folder) => lockData(folder, '', 'move.ts'));
  const rows = countedRows();
  try {
    const source = await openWorkspaceDatabase(settings);
    try {
      const move = (target: string) =>
        asOneLine(to, () =>
          moveDatabase({
            from: source.url,
            url: target,
            ...(dataDir === DATA_DIR ? {} : { files: { from: DATA_DIR, to: dataDir } }),
            ...{ onStart: rows.onStart, onRows: rows.onRows, signal },
          }),
        );
      await onTarget({ url, dataDir, setting: '--to' }, move);
    } finally {
      rows.stop();
      await source.close();
    }
  } finally {
    for (const lock of locks) lock.release();
  }
  print(`Moved in ${((performance.now() - began) / 1000).toFixed(1)} s. What was there before is as it was.`);
  for (const line of next(settings, url, dataDir)) print(line);
};

const next = ({ DATA_DIR, DATABASE_URL }: Settings, url: string | null, dataDir: string): string[] => {
  if (url)
    return [
      'Now set DATABASE_URL to the address that you gave for --to, and start.',
      `DATA_DIR stays ${DATA_DIR}: the key of the sessions and the exports are still there.`,
    ];
  return [
    ...(dataDir === DATA_DIR ? [] : [`Now set DATA_DIR=${dataDir}`]),
    ...(DATABASE_URL ? ['Now unset DATABASE_URL.'] : []),
    'Then start.',
  ];
};
