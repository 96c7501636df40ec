import type { Engine } from '@lockstep/sync';
import { forgetAccount, readAccount } from './account.ts';
import { DATA_CACHE } from './pwa/paths.ts';

/** Ids of accounts whose wipe has begun; not below `lockstep.`, so that it outlives forgetting the account. */
const JOURNAL = 'lockstep-wiping';
/** A disk that says nothing for that long is left to `finishWipes`, in ms. */
const PATIENCE_MS = 2_000;

/**
 * Signs this browser off: forgets its person, which the other tabs hear, and deletes what it holds of them. A wipe that is
 * cut short (tab closed, disk busy in another tab) is finished at the next start.
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

let left: Promise<void> | null = null;

/** Wipes this device and goes on to `to`: once, by whichever way the end of a session is heard of first. */
export const leave = (engine: Engine, to: string): Promise<void> => {
  left ??= wipeDevice(engine).then(() => window.location.replace(to));
  return left;
};

/** Deletes what is left of accounts that have left this browser. For pages without an engine, before one starts. */
export const finishWipes = async (): Promise<void> => {
  // Whoever is back on this device keeps what they have had since.
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

/** Named as in packages/sync/src/store/database.ts, which would bring all of Dexie along. */
const deleteDatabase = (name: string) =>
  new Promise<void>((done, fail) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => done();
    request.onerror = () => fail(request.error);
    request.onblocked = () => fail(new Error('open in another tab'));
  });

const later = () => new Promise<void>((done) => setTimeout(done, PATIENCE_MS));

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
