import type { Me } from '@lockstep/protocol';
import type { Engine } from '@lockstep/sync';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepAccount, readAccount } from '../../lib/account.ts';
import { finishWipes, wipeAccount, wipeDevice } from '../../lib/end-session.ts';
import { DATA_CACHE } from '../../lib/pwa/paths.ts';
import { memoryCaches } from './memory-caches.ts';
import { memoryStorage } from './memory-storage.ts';

const ann = { id: 'ann', name: 'Ann' } as Me;

beforeEach(async () => {
  vi.stubGlobal('localStorage', memoryStorage());
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('caches', memoryCaches());
  await caches.open(DATA_CACHE);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A database of that account, held open by nobody. */
const createDatabase = (userId: string): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(`lockstep-${userId}`);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
const stored = async (userId: string) => (await createDatabase(userId)).close();
const databases = async () => (await indexedDB.databases()).map(({ name }) => name).sort();
/** Whose wipe is still to be finished. */
const noted = () => localStorage.getItem('lockstep-wiping');

const engine = (wipe: () => Promise<void>) =>
  ({ getState: () => ({ me: { userId: 'ann' } }), wipe }) as unknown as Engine;

describe('signing this browser off', () => {
  it('forgets the person and what is cached of them; nothing is left to be done', async () => {
    keepAccount(ann);
    localStorage.setItem('theme', 'dark');
    await wipeDevice(engine(async () => {}));
    expect([readAccount(), noted()]).toEqual([null, null]);
    expect(await caches.keys()).toEqual([]);
    expect(localStorage.getItem('theme')).toBe('dark');
  });

  it('notes the wipe before it begins', async () => {
    let before: string | null = null;
    await wipeDevice(
      engine(async () => {
        before = noted();
      }),
    );
    expect(before).toBe('ann');
  });

  it('a wipe that is cut short is finished at the next start', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    keepAccount(ann);
    await stored('ann');
    const left = wipeDevice(engine(() => new Promise(() => {})));
    await vi.runAllTimersAsync();
    await left;
    vi.useRealTimers();
    expect([readAccount(), noted()]).toEqual([null, 'ann']);
    expect(await databases()).toEqual(['lockstep-ann']);
    await finishWipes();
    expect(await databases()).toEqual([]);
    expect(noted()).toBeNull();
  });

  it('one that failed is as well, and so is one whose cache could not be deleted', async () => {
    await wipeDevice(engine(() => Promise.reject(new Error('busy'))));
    expect(noted()).toBe('ann');
    vi.stubGlobal('caches', { delete: () => Promise.reject(new Error('busy')) });
    localStorage.removeItem('lockstep-wiping');
    await wipeDevice(engine(async () => {}));
    expect(noted()).toBe('ann');
  });
});

describe('finishing wipes', () => {
  it('deletes what is left of everybody who has left, and nothing else', async () => {
    for (const userId of ['ann', 'ben', 'cleo']) await stored(userId);
    localStorage.setItem('lockstep-wiping', 'ann ben');
    await finishWipes();
    expect(await databases()).toEqual(['lockstep-cleo']);
    expect(await caches.keys()).toEqual([]);
    expect(noted()).toBeNull();
  });

  it('does nothing where nobody has left', async () => {
    await stored('ann');
    await finishWipes();
    expect(await databases()).toEqual(['lockstep-ann']);
    expect(await caches.keys()).toEqual([DATA_CACHE]);
  });

  it('keeps what somebody has who is back on this device', async () => {
    for (const userId of ['ann', 'ben']) await stored(userId);
    localStorage.setItem('lockstep-wiping', 'ann ben');
    keepAccount(ann);
    await finishWipes();
    expect(await databases()).toEqual(['lockstep-ann']);
    expect(readAccount()?.id).toBe('ann');
  });

  it('tries again later what another tab holds open', async () => {
    localStorage.setItem('lockstep-wiping', 'ann');
    const open = await createDatabase('ann');
    await finishWipes();
    expect(noted()).toBe('ann');
    open.close();
    await finishWipes();
    expect([noted(), await databases()]).toEqual([null, []]);
  });

  it('works where storage is forbidden', async () => {
    vi.stubGlobal('localStorage', undefined);
    await expect(finishWipes()).resolves.toBeUndefined();
    await expect(wipeAccount('ann')).resolves.toBeUndefined();
  });
});

it('the wipe of an account without an engine is noted, forgets it, and spares who is signed in instead', async () => {
  for (const userId of ['ann', 'ben']) await stored(userId);
  keepAccount(ann);
  await wipeAccount('ben');
  expect([readAccount()?.id, await databases(), noted()]).toEqual(['ann', ['lockstep-ann'], null]);
  await wipeAccount('ann');
  expect([readAccount(), await databases(), noted()]).toEqual([null, [], null]);
});
