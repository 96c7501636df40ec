import { VirtualClock } from '@lockstep/testing/sim/clock';
import { expect, it } from 'vitest';
import { type Context, Store } from '../src/context.ts';
import { InboxCursorReporter } from '../src/cursor-reporter.ts';
import { emptyModel } from '../src/model.ts';
import type { PushSocket } from '../src/ports.ts';
import { ME } from './fixtures.ts';

const make = () => {
  const clock = new VirtualClock();
  const store = new Store({ ...emptyModel(ME), caughtUp: true, pos: 0 });
  const reporter = new InboxCursorReporter({ store, clock } as unknown as Context);
  const socket = () => {
    const reported: number[] = [];
    return { reported, reportCursor: (pos: number) => void reported.push(pos) } as unknown as PushSocket & {
      reported: number[];
    };
  };
  return { clock, reporter, socket, at: (pos: number) => store.set({ ...store.model, pos }), store };
};

it('each new socket gets a report of how far the device has come, whatever the one before got', async () => {
  const { clock, reporter, socket, at } = make();
  for (const pos of [0, 1, 1, 2]) {
    at(pos);
    const one = socket();
    reporter.use(one);
    await clock.advance(5_000);
    expect(one.reported).toEqual([pos]);
    reporter.use(null);
  }
});

it('what comes later is reported every five seconds at most, only the newest, and nothing twice', async () => {
  const { clock, reporter, socket, at } = make();
  const one = socket();
  reporter.use(one);
  for (const pos of [1, 2, 3]) at(pos);
  await clock.advance(4_999);
  expect(one.reported).toEqual([0]);
  await clock.advance(1);
  expect(one.reported).toEqual([0, 3]);
  await clock.advance(60_000);
  expect(one.reported).toEqual([0, 3]);
});

it('nothing is reported before the device has caught up', async () => {
  const { reporter, socket, store } = make();
  store.set({ ...store.model, caughtUp: false });
  const one = socket();
  reporter.use(one);
  expect(one.reported).toEqual([]);
  store.set({ ...store.model, caughtUp: true });
  expect(one.reported).toEqual([0]);
});
