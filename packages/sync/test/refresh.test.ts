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
let refresher: EntryRefresher;

beforeEach(() => {
  clock = new VirtualClock();
  store = new Store({ ...mergeEntry(emptyModel(ME), entry(2)).model, staleEntries: new Set([ID]) as never });
  calls = [];
  running = true;
  refresher = new EntryRefresher({
    store,
    clock,
    random: () => 0,
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

it('rule 10: a conversation that one is not in any more goes, and is asked for no more', async () => {
  const first = refresher.refresh(ID);
  calls[0]?.fail(new LockstepError('not_found'));
  await expect(first).rejects.toThrow('not_found');
  expect([store.model.inbox.has(ID), isStale()]).toEqual([false, false]);
  await clock.advance(120_000);
  expect(calls).toHaveLength(1);
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
