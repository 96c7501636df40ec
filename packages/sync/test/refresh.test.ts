import { LockstepError } from '@lockstep/protocol';
import { VirtualClock } from '@lockstep/testing/sim/clock';
import { beforeEach, expect, it } from 'vitest';
import { type Context, Store } from '../src/context.ts';
import { mergeEntry } from '../src/entries.ts';
import { emptyModel } from '../src/model.ts';
import { EntryRefresher } from '../src/refresh.ts';
import { entry, ID, ME } from './fixtures.ts';

let clock: VirtualClock;
let store: Store;
let calls: { answer(value: ReturnType<typeof entry>): void; fail(error: Error): void }[];
let running: boolean;
let random: number;
let refresher: EntryRefresher;

beforeEach(() => {
  clock = new VirtualClock();
  store = new Store({ ...mergeEntry(emptyModel(ME), entry(2)).model, staleEntries: new Set([ID]) as never });
  calls = [];
  running = true;
  random = 0;
  refresher = new EntryRefresher({
    store,
    clock,
    random: () => random,
    running: () => running,
    failed: () => {},
    take: (_: string, { model }: { model: Store['model'] }) => store.set(model),
    transport: {
      entry: () =>
        new Promise((answer, fail) => {
          calls.push({ answer, fail });
        }),
    },
  } as unknown as Context);
});
const isStale = () => store.model.staleEntries.has(ID as never);

it('what is asked for while an entry is fetched is one more fetch, a second later', async () => {
  const first = refresher.refresh(ID);
  for (let n = 0; n < 5; n++) void refresher.refresh(ID);
  expect([calls.length, isStale()]).toEqual([1, true]);
  calls[0]?.answer(entry(3, { pos: 2 }));
  await first;
  expect([store.model.inbox.get(ID)?.conversation.headSeq, isStale()]).toEqual([3, false]);
  await clock.advance(999);
  expect(calls).toHaveLength(1);
  await clock.advance(1);
  expect(calls).toHaveLength(2);
  calls[1]?.answer(entry(3, { pos: 2 }));
  await clock.advance(60_000);
  expect(calls).toHaveLength(2);
});

it('a fetch that failed for want of the server is tried again, one that was refused is not', async () => {
  const first = refresher.refresh(ID);
  calls[0]?.fail(new LockstepError('unavailable'));
  await expect(first).rejects.toThrow('unavailable');
  await clock.until(() => calls.length === 2, 60_000);
  calls[1]?.fail(new LockstepError('forbidden'));
  await clock.advance(120_000);
  expect([calls.length, isStale()]).toEqual([2, true]);
});

/** The server cannot be reached this many times. */
const failTimes = async (times: number) => {
  refresher.refresh(ID).catch(() => {});
  for (let n = 1; n <= times; n++) {
    await clock.until(() => calls.length === n, 60_000);
    calls[n - 1]?.fail(new LockstepError('unavailable'));
    await clock.advance(0);
  }
};

it('what is asked for after a refusal waits a second, however often the server could not be reached before', async () => {
  random = 1;
  await failTimes(8);
  await clock.until(() => calls.length === 9, 60_000);
  calls[8]?.fail(new LockstepError('not_found'));
  await clock.advance(0);
  refresher.refresh(ID).catch(() => {});
  await clock.advance(1_000);
  expect(calls).toHaveLength(10);
});

it('what waits for a backoff is fetched as soon as the server can be reached again, and then from the first wait on', async () => {
  random = 1;
  await failTimes(8);
  refresher.flush();
  expect(calls).toHaveLength(9);
  calls[8]?.fail(new LockstepError('unavailable'));
  await clock.advance(1_200);
  expect(calls).toHaveLength(10);
  calls[9]?.answer(entry(3, { pos: 2 }));
  await clock.advance(0);
  // The pause after an answer is no backoff.
  refresher.refresh(ID).catch(() => {});
  refresher.flush();
  expect([calls.length, isStale()]).toEqual([10, false]);
});

it('rule 10: a conversation that one is not in any more goes, and is asked for no more', async () => {
  const first = refresher.refresh(ID);
  calls[0]?.fail(new LockstepError('not_found'));
  await expect(first).rejects.toThrow('not_found');
  expect([store.model.inbox.has(ID), isStale()]).toEqual([false, false]);
  await clock.advance(120_000);
  expect(calls).toHaveLength(1);
});

it('a refusal drops nothing that came while it was on its way, and is asked for again', async () => {
  store.set(emptyModel(ME));
  const first = refresher.refresh(ID);
  // Answered before the first message of a direct conversation, and late.
  store.set(mergeEntry(store.model, entry(2)).model);
  calls[0]?.fail(new LockstepError('not_found'));
  await expect(first).rejects.toThrow('not_found');
  expect(store.model.inbox.has(ID)).toBe(true);
  await clock.advance(1_000);
  calls[1]?.fail(new LockstepError('not_found'));
  await clock.advance(0);
  expect(store.model.inbox.has(ID)).toBe(false);
  await clock.advance(120_000);
  expect(calls).toHaveLength(2);
});

it('once the engine has stopped nothing is fetched again', async () => {
  const first = refresher.refresh(ID);
  void refresher.refresh(ID);
  running = false;
  calls[0]?.answer(entry(3, { pos: 2 }));
  await first;
  await clock.advance(60_000);
  expect(calls).toHaveLength(1);
});
