import { VirtualClock } from '@lockstep/testing/sim/clock';
import { beforeEach, describe, expect, it } from 'vitest';
import { Election, type Envelope } from '../../src/tabs/election.ts';

// One tab, whose lock and whose channel to the others are in the hands of the test.

let clock: VirtualClock;
let posted: string[];
let hear: (envelope: Envelope) => void;
let wishes: { steal: boolean; granted(): void; lost(): void; released: boolean }[];
let reported: string[];
let tab: Election;
const callbacks = { onLead: () => reported.push('leads'), onLeadershipLost: () => reported.push('lost') };

beforeEach(() => {
  clock = new VirtualClock();
  [posted, wishes, reported] = [[], [], []];
  tab = new Election(
    {
      request: (steal, granted, lost) => {
        const wish = { steal, granted, lost, released: false };
        wishes.push(wish);
        return {
          release: () => {
            wish.released = true;
          },
        };
      },
    },
    {
      post: ({ kind }) => void posted.push(kind),
      listen: (listener) => {
        hear = listener;
        return () => {};
      },
      close: () => void posted.push('closed'),
    },
    clock,
    () => 0,
  );
});

describe('whether it leads', () => {
  it('is asked by others: it answers while it leads, and neither before nor afterwards', () => {
    hear({ kind: 'ask' });
    tab.lead(callbacks);
    hear({ kind: 'ask' });
    expect([posted, reported]).toEqual([[], []]);
    wishes[0]?.granted();
    // It says so by itself when it begins.
    expect([posted, reported]).toEqual([['here'], ['leads']]);
    hear({ kind: 'ask' });
    expect(posted).toEqual(['here', 'here']);
    wishes[0]?.lost();
    hear({ kind: 'ask' });
    expect([posted.length, reported]).toEqual([2, ['leads', 'lost']]);
  });

  it('who stops a candidacy gives the lead back, once, and not that of a later one', () => {
    const stop = tab.lead(callbacks);
    wishes[0]?.granted();
    const later = tab.lead({ ...callbacks });
    expect([reported, wishes.map(({ released }) => released)]).toEqual([
      ['leads', 'lost'],
      [true, false],
    ]);
    stop();
    expect(wishes[1]?.released).toBe(false);
    wishes[1]?.granted();
    later();
    expect(wishes[1]?.released).toBe(true);
    hear({ kind: 'ask' });
    expect(posted).toEqual(['here', 'here']);
  });
});

describe('a lock that was lost', () => {
  it('is asked for again at once where it was held: it was stolen', async () => {
    tab.lead(callbacks);
    wishes[0]?.granted();
    wishes[0]?.lost();
    expect(wishes.map(({ steal }) => steal)).toEqual([false, false]);
    wishes[1]?.granted();
    expect(reported).toEqual(['leads', 'lost', 'leads']);
  });

  it('is asked for again after two seconds where it could not be had, unless nobody wants to lead any more', async () => {
    const stop = tab.lead(callbacks);
    wishes[0]?.lost();
    await clock.advance(1_999);
    expect(wishes).toHaveLength(1);
    await clock.advance(1);
    expect(wishes).toHaveLength(2);
    wishes[1]?.lost();
    stop();
    await clock.advance(10_000);
    expect([wishes.length, reported]).toEqual([2, []]);
  });

  it('is not asked for while the page is put away, and again when it is back', async () => {
    tab.lead(callbacks);
    wishes[0]?.granted();
    tab.suspend();
    expect([wishes[0]?.released, reported]).toEqual([true, ['leads', 'lost']]);
    tab.suspend();
    wishes[0]?.lost();
    await clock.advance(10_000);
    expect(wishes).toHaveLength(1);
    tab.resume();
    tab.resume();
    expect(wishes).toHaveLength(2);
  });
});

describe('a tab that waits for another one', () => {
  it('asks each second, and takes the lock when four times nobody has answered', async () => {
    tab.lead(callbacks);
    tab.waiting(true);
    tab.waiting(true);
    expect(posted).toEqual(['ask']);
    await clock.advance(3_999);
    expect([posted.length, wishes.length]).toEqual([4, 1]);
    await clock.advance(1);
    expect(wishes.map(({ steal, released }) => [steal, released])).toEqual([
      [false, true],
      [true, false],
    ]);
    wishes[1]?.granted();
    expect(reported).toEqual(['leads']);
    // Whoever leads waits for nobody.
    const asked = posted.length;
    await clock.advance(10_000);
    expect(posted.length).toBe(asked);
  });

  it('leaves a leader alone that answers, and asks no more once it need not wait', async () => {
    tab.lead(callbacks);
    tab.waiting(true);
    for (let second = 0; second < 20; second++) {
      await clock.advance(1_000);
      hear({ kind: 'here' });
    }
    expect([wishes.length, posted.length]).toEqual([1, 21]);
    tab.waiting(false);
    await clock.advance(10_000);
    expect(posted).toHaveLength(21);
  });

  it('takes nothing where it does not stand for leader', async () => {
    tab.waiting(true);
    await clock.advance(20_000);
    expect(wishes).toEqual([]);
  });
});

it('a tab that is closed hears nothing, says nothing and wants nothing any more', async () => {
  const heard: unknown[] = [];
  tab.listen((message) => heard.push(message));
  tab.lead(callbacks);
  tab.waiting(true);
  tab.close();
  expect([posted.at(-1), wishes[0]?.released]).toEqual(['closed', true]);
  const said = posted.length;
  tab.post({ type: 'pending' } as never);
  hear({ kind: 'tab', message: { type: 'pending' } as never });
  tab.resume();
  await clock.advance(20_000);
  expect([posted.length, wishes.length, heard, reported]).toEqual([said, 1, [], []]);
});
