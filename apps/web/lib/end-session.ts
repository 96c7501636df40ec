import type { Engine } from '@lockstep/sync';
import { forgetAccount, readAccount } from './account.ts';
import { DATA_CACHE } from './pwa/paths.ts';

/** Ids of accounts whose wipe has begun; not below `lockstep.`, so that it outlives forgetting the account. */
const JOURNAL = 'lockstep-wiping';
/** Timeout for the disk, in ms; after that `finishWipes` completes the wipe. */
const TIMEOUT_MS = 2_000;

/**
 * Removes the account from this browser, which the other tabs notice, and deletes its local data. An interrupted wipe
 * (tab closed, disk busy in another tab) is finished at the next start.
 */
export const wipeDevice = async (engine: Engine): Promise<void> => {
  const { userId } = engine.getState().me;
  note([...noted(), userId]);
  forgetAccount();
  const wiped = Promise.all([engine.wipe(), globalThis.caches?.delete(DATA_CACHE)]).then(() =>
    forget(userId),
  );
  await Promise.race([wiped, later()]).catch(() => {}); // finishWipes tries again
};

let ending: Promise<void> | null = null;

/** Wipes this device and opens `to`; runs once, whichever source reports the end of the session first. */
export const endSession = (engine: Engine, to: string): Promise<void> => {
  ending ??= wipeDevice(engine).then(() => window.location.replace(to));
  return ending;
};

/** Deletes what is left of accounts that have left this browser. For pages without an engine, before one starts. */
export const finishWipes = async (): Promise<void> => {
  // An account that is signed in again keeps its new data.
  for (const userId of noted()) if (userId !== readAccount()?.id) await wipeAccount(userId);
};

/** For pages without an engine. */
export const wipeAccount = async (userId: string): Promise<void> => {
  note([...noted(), userId]);
  if (readAccount()?.id === userId) forgetAccount();
  await Promise.all([globalThis.caches?.delete(DATA_CACHE), deleteDatabase(`lockstep-${userId}`)])
    .then(() => forget(userId))
    .catch(() => {});
};

/** The same name as in packages/sync/src/store/database.ts, whose import would load Dexie. */
const deleteDatabase = (name: string) =>
  new Promise<void>((done, fail) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => done();
    request.onerror = () => fail(request.error);
    request.onblocked = () => fail(new Error('open in another tab'));
  });

const later = () => new Promise<void>((done) => setTimeout(done, TIMEOUT_MS));

const noted = (): string[] => {
  try {
    return (localStorage.getItem(JOURNAL) ?? '').split(' ').filter(Boolean);
  } catch {
    return [];
  }
};

const note = (userIds: string[]) => {
  try {
    if (userIds.length > 0) localStorage.setItem(JOURNAL, [...new Set(userIds)].join(' '));
    else localStorage.removeItem(JOURNAL);
  } catch {}
};

const forget = (userId: string) => note(noted().filter((each) => each !== userId));
