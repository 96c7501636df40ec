import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Background } from '../src/background.ts';
import { createPresence, type Presence } from '../src/presence.ts';
import type { OnlineNotice } from '../src/server-events.ts';
import { type Io, type RealtimeDeps, TIMING } from '../src/types.ts';

// What processes tell each other of who is online, notice by notice; processes.test.ts has it over real sockets.

const GRACE = 1_000;
const BEAT = 10_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Processes whose notices arrive at once, unless they are lost. */
const makeProcesses = () => {
  const all: {
    presence: Presence;
    early: OnlineNotice[];
    notices: OnlineNotice[];
    said: string[];
    lost: boolean;
  }[] = [];
  const start = () => {
    const said: string[] = [];
    const emit = (name: string) => ({
      emit: (event: string, { userId, online }: { userId: string; online: boolean }) => {
        if (event === 'presence' && name === `p:${userId}`)
          said.push(`${userId} ${online ? 'came' : 'went'}`);
      },
    });
    const own = {
      said,
      lost: false,
      early: [] as OnlineNotice[],
      notices: [] as OnlineNotice[],
    } as (typeof all)[number];
    const bus = {
      push: () => {},
      // As it travels: a copy.
      online: (notice: OnlineNotice) => {
        own.notices.push(notice);
        if (own.lost) return;
        for (const other of all) {
          if (other === own) continue;
          if (other.presence) other.presence.receive(structuredClone(notice));
          else other.early.push(structuredClone(notice));
        }
      },
    };
    const deps = { db: {}, log: pino({ level: 'silent' }) } as unknown as RealtimeDeps;
    all.push(own);
    own.presence = createPresence({ local: { to: emit } } as unknown as Io, bus, new Background(), deps, {
      ...TIMING,
      presenceGrace: GRACE,
      beat: BEAT,
    });
    for (const notice of own.early) own.presence.receive(notice);
    return own;
  };
  return start;
};
const isOnline = async (at: { presence: Presence }, userId: string) =>
  // Only who is away is looked up in the database, which is not there.
  at.presence.stateOf([userId]).then(
    ([state]) => state?.online,
    () => false,
  );

describe('who is online, between processes', () => {
  it('one device of two at the same process may go', async () => {
    const start = makeProcesses();
    const [one, two] = [start(), start()];
    one.presence.came('mia');
    one.presence.came('mia');
    one.presence.went('mia');
    await vi.advanceTimersByTimeAsync(10 * GRACE);
    expect([one.said, two.said]).toEqual([['mia came'], ['mia came']]);
    expect([await isOnline(one, 'mia'), await isOnline(two, 'mia')]).toEqual([true, true]);
  });

  it('others are told of the first device and of the last, and of nothing in between', async () => {
    const start = makeProcesses();
    const one = start();
    const before = one.notices.length;
    one.presence.came('mia');
    one.presence.came('mia');
    one.presence.went('mia');
    one.presence.went('mia');
    one.presence.came('mia');
    one.presence.went('mia');
    await vi.advanceTimersByTimeAsync(GRACE);
    expect(one.notices.slice(before).map(({ came, went }) => ({ came, went }))).toEqual([
      { came: 'mia', went: undefined },
      { came: undefined, went: 'mia' },
    ]);
  });

  it('the first socket anywhere is told at each process, no further one, nor the end of any but the last', async () => {
    const start = makeProcesses();
    const [one, two] = [start(), start()];
    one.presence.came('mia');
    one.presence.came('mia');
    two.presence.came('mia');
    expect([one.said, two.said]).toEqual([['mia came'], ['mia came']]);
    one.presence.went('mia');
    await vi.advanceTimersByTimeAsync(GRACE);
    one.presence.went('mia');
    await vi.advanceTimersByTimeAsync(GRACE);
    expect([one.said.length, two.said.length]).toEqual([1, 1]);
    expect(await isOnline(one, 'mia')).toBe(true);
    two.presence.went('mia');
    await vi.advanceTimersByTimeAsync(GRACE - 1);
    expect([one.said.length, two.said.length]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(1);
    expect([one.said, two.said]).toEqual([
      ['mia came', 'mia went'],
      ['mia came', 'mia went'],
    ]);
    expect([await isOnline(one, 'mia'), await isOnline(two, 'mia')]).toEqual([false, false]);
  });

  it('who is back within the time of grace was never away, and goes like anybody else afterwards', async () => {
    const start = makeProcesses();
    const [one, two] = [start(), start()];
    one.presence.came('mia');
    one.presence.went('mia');
    await vi.advanceTimersByTimeAsync(GRACE - 1);
    expect([await isOnline(one, 'mia'), await isOnline(two, 'mia')]).toEqual([true, true]);
    one.presence.came('mia');
    await vi.advanceTimersByTimeAsync(10 * GRACE);
    expect([one.said, two.said]).toEqual([['mia came'], ['mia came']]);
    one.presence.went('mia');
    await vi.advanceTimersByTimeAsync(GRACE);
    expect([one.said.at(-1), two.said.at(-1)]).toEqual(['mia went', 'mia went']);
    one.presence.came('mia');
    expect([one.said.at(-1), two.said.at(-1)]).toEqual(['mia came', 'mia came']);
  });

  it('a process that starts is told who is online, those in their time of grace too', async () => {
    const start = makeProcesses();
    const one = start();
    one.presence.came('mia');
    one.presence.came('tom');
    one.presence.went('tom');
    const two = start();
    expect([await isOnline(two, 'mia'), await isOnline(two, 'tom')]).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(GRACE);
    expect([await isOnline(two, 'mia'), await isOnline(two, 'tom')]).toEqual([true, false]);
    expect(two.said.at(-1)).toBe('tom went');
  });

  it('a process that ends takes those with it who were online only there', async () => {
    const start = makeProcesses();
    const [one, two] = [start(), start()];
    one.presence.came('mia');
    one.presence.came('tom');
    two.presence.came('tom');
    one.presence.close();
    expect(two.said).toEqual(['mia came', 'tom came', 'mia went']);
    // It says nothing more, whatever was still to come.
    await vi.advanceTimersByTimeAsync(10 * BEAT);
    expect(two.said).toHaveLength(3);
  });

  it('a notice that was lost is made good by the next beat', async () => {
    const start = makeProcesses();
    const [one, two] = [start(), start()];
    one.presence.came('tom');
    one.lost = true;
    one.presence.came('mia');
    one.presence.went('tom');
    await vi.advanceTimersByTimeAsync(GRACE);
    expect(two.said).toEqual(['tom came']);
    one.lost = false;
    await vi.advanceTimersByTimeAsync(BEAT);
    expect(two.said.slice(1).sort()).toEqual(['mia came', 'tom went']);
  });

  it('a process that is not heard of for two beats and a half counts as gone, until it is heard again', async () => {
    const start = makeProcesses();
    const [one, two] = [start(), start()];
    one.presence.came('mia');
    await vi.advanceTimersByTimeAsync(BEAT);
    one.lost = true;
    await vi.advanceTimersByTimeAsync(2 * BEAT);
    expect(two.said).toEqual(['mia came']);
    await vi.advanceTimersByTimeAsync(BEAT);
    expect(two.said).toEqual(['mia came', 'mia went']);
    one.lost = false;
    await vi.advanceTimersByTimeAsync(BEAT);
    expect(two.said).toEqual(['mia came', 'mia went', 'mia came']);
  });
});
