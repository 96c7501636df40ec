import type { DraftRecord, OutboxRecord } from './port.ts';

/** What cannot be fetched again. */
export interface Rescued {
  outbox: OutboxRecord[];
  drafts: DraftRecord[];
}

/** Rejects with this when a request is not answered: another tab does not let go. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/**
 * The promise, or Unanswered after `ms`, in two halves: a machine that slept wakes to a timer that is overdue, and then
 * the other half is still to come.
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

/** Reads outbox and drafts of a database of whatever version, as far as they make sense. Rejects when it cannot. */
export const rescue = async (idb: IDBFactory, name: string, ms: number): Promise<Rescued> => {
  const request = idb.open(name);
  // A request that is answered after all must not hold the database.
  const opened = answer(request);
  const db = await within(opened, ms).catch((error) => {
    opened.then((late) => late.close()).catch(() => {});
    throw error;
  });
  try {
    const read = async (table: string): Promise<unknown[]> =>
      db.objectStoreNames.contains(table) ? answer(db.transaction(table).objectStore(table).getAll()) : [];
    const all = Promise.all([read('outbox'), read('drafts')]);
    const [outbox, drafts] = await within(all, ms);
    return { outbox: outbox.flatMap(asOutbox), drafts: drafts.flatMap(asDraft) };
  } finally {
    db.close();
  }
};

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const asOutbox = (value: unknown): OutboxRecord[] => {
  const { clientId, conversationId, body, createdAt, order, state, error } = value as OutboxRecord;
  if (!isText(clientId) || !isText(conversationId) || !isText(body) || !isNumber(createdAt)) return [];
  const place = isNumber(order) ? order : createdAt;
  const failed = state === 'failed' && isText(error);
  const fate = failed ? ({ state, error } as const) : ({ state: 'pending', error: null } as const);
  return [{ clientId, conversationId, body, createdAt, order: place, storedRev: null, ...fate }];
};

const asDraft = (value: unknown): DraftRecord[] => {
  const { conversationId, text, version, pending, conflict, changedAt } = value as DraftRecord;
  if (!isText(conversationId) || !isText(text) || !isNumber(version)) return [];
  const rest = { pending: pending !== false, conflict: conflict === true };
  return [{ conversationId, text, version, ...rest, changedAt: isNumber(changedAt) ? changedAt : 0 }];
};

/**
 * Resolves once the database is gone. Rejects with Unanswered when another tab does not let go of it: the browser then
 * deletes it as soon as that tab wakes or ends.
 */
export const deleteDatabase = (idb: IDBFactory, name: string, ms: number): Promise<unknown> =>
  within(answer(idb.deleteDatabase(name)), ms);
