import { inOrder } from '../pending/command.ts';
import type { Database } from './database.ts';
import type { MemoryDisk, MemoryStore } from './memory.ts';
import type { CommandTable, Rows } from './port.ts';
import { changeCommands } from './transactions.ts';

interface Ways {
  known: MemoryDisk;
  memory: MemoryStore;
  /** The disk has no room for the mirror any more. */
  full: () => Database | null;
  run<T>(onDisk: (db: Database) => Promise<T>, inMemory: () => Promise<T>): Promise<T>;
}

/** The commands on disk. A copy of everything read and written is kept in `known`, in case the disk fails. */
export const commandTable = ({ known: { commands: known }, memory, full, run }: Ways): CommandTable => {
  const remember = (ids: readonly string[], rows: Rows) => {
    for (const [i, id] of ids.entries()) {
      const command = rows[i];
      if (command) known.set(id, command);
      else known.delete(id);
    }
  };
  return {
    all: () =>
      run(
        async (db) => {
          const rows = (await db.commands.toArray()).sort(inOrder);
          known.clear();
          for (const command of rows) known.set(command.id, command);
          return rows;
        },
        () => memory.commands.all(),
      ),
    get: (id) =>
      run(
        async (db) => (await db.commands.get(id)) ?? null,
        () => memory.commands.get(id),
      ),
    change: (ids, change) =>
      run(
        async (db) => {
          const rows = await changeCommands(db, ids, change);
          remember(ids, rows);
          return rows;
        },
        async () => {
          const rows = await memory.commands.change(ids, change);
          // It is done in memory, and also on disk for the next start if the disk still accepts it.
          const db = full();
          if (db) changeCommands(db, ids, () => rows).catch(() => {});
          return rows;
        },
      ),
  };
};
