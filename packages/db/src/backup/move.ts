import { otherClients, withConnection } from './connect.ts';
import { copyOut } from './copy.ts';
import { BackupError } from './fault.ts';
import { checkFiles, hashFiles, listFiles, placeFiles } from './files.ts';
import { type LoadOptions, load } from './load.ts';
import { openSnapshot } from './snapshot.ts';
import { checkVersion } from './version.ts';

export interface MoveOptions extends Omit<LoadOptions, 'beforeRelease'> {
  /** The database to copy from, which stays as it is. */
  from: string;
  /** Two data directories, where the files move too. */
  files?: { from: string; to: string };
  /** Told about how many rows there are, before the first is copied. */
  onStart?: (rows: number) => void;
}

/**
 * Copies a workspace from one database into another, which is empty, without files between. Throws BackupError where
 * something uses the first one: what is written meanwhile would be left behind. One that was stopped begins anew.
 */
export const moveDatabase = async ({ from, files, onStart, ...options }: MoveOptions): Promise<void> => {
  await withConnection(from, async (client) => {
    const others = await otherClients(client);
    if (others.length > 0)
      throw new BackupError(
        `The workspace is in use (${[...new Set(others)].join(', ')}): stop Lockstep first, or what is written meanwhile stays behind`,
      );
  });
  const parts = files ? await hashFiles(files.from, await listFiles(files.from)) : [];
  if (files) await checkFiles(files.to, parts);
  const snapshot = await openSnapshot(from);
  try {
    await checkVersion('The workspace', snapshot.migrations);
    onStart?.(snapshot.rows);
    const { migrations, tables, sequences, readers } = snapshot;
    const open = (table: (typeof tables)[0], lane: number) =>
      copyOut(readers[lane] as (typeof readers)[0], table);
    const beforeRelease = async () => {
      if (files) await placeFiles(files.from, files.to, parts);
    };
    await load(
      { id: 'move', resumes: false, migrations, tables, sequences, open },
      { ...options, beforeRelease },
    );
  } finally {
    await snapshot.close();
  }
};
