import { type Command, toStored } from '../pending/command.ts';
import { commandsIn, OLD_TABLES } from './old-tables.ts';

/** Thrown when a request is not answered because another tab does not close the database. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/**
 * The promise, or Unanswered after `ms`, measured in two halves: after a machine has slept the first timer is
 * overdue, but the second half still runs.
 */
export const within = async <T>(promise: Promise<T>, ms: number): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      timer = setTimeout(() => reject(new Unanswered(`no answer within ${ms} ms`)), ms / 2);
    }, ms / 2);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault?.();
      reject(request.error);
    };
  });

/**
 * Reads what cannot be fetched again: the valid commands of a database of any version. Rejects when it cannot be
 * read.
 */
export const rescue = async (idb: IDBFactory, name: string, ms: number): Promise<Command[]> => {
  const request = idb.open(name);
  // A request that is answered late must not keep the database open.
  const opened = answer(request);
  const db = await within(opened, ms).catch((error) => {
    opened.then((late) => late.close()).catch(() => {});
    throw error;
  });
  try {
    const read = async (table: string): Promise<unknown[]> =>
      db.objectStoreNames.contains(table) ? answer(db.transaction(table).objectStore(table).getAll()) : [];
    const names = Object.keys(OLD_TABLES);
    const [commands = [], ...old] = await within(Promise.all(['commands', ...names].map(read)), ms);
    const before = commandsIn(Object.fromEntries(names.map((name, i) => [name, old[i]])));
    return [...before, ...commands.flatMap(asCommand)];
  } finally {
    db.close();
  }
};

/** Also of a name that only a newer version knows: it is there for that one. */
const asCommand = (value: unknown): Command[] => {
  const command = value as Command;
  const { id, name, key, args, order } = command;
  const hasKeys = [id, name, key].every((text) => typeof text === 'string') && typeof order === 'number';
  return hasKeys && typeof args === 'object' && args !== null
    ? [
        toStored({
          ...command,
          at: command.at ?? order,
          error: command.error ?? null,
          tries: command.tries ?? 0,
        }),
      ]
    : [];
};

/**
 * Resolves once the database is gone. Rejects with Unanswered if another tab does not close it: the browser then
 * deletes it as soon as that tab wakes or ends.
 */
export const deleteDatabase = (idb: IDBFactory, name: string, ms: number): Promise<unknown> =>
  within(answer(idb.deleteDatabase(name)), ms);
