import { VirtualClock } from '@lockstep/testing/sim/clock';
import { seeded } from '@lockstep/testing/sim/random';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { aloneTabs } from '../../src/tabs/alone.ts';
import { type HubTab, TabHub } from '../../src/tabs/hub.ts';
import type { TabMessage } from '../../src/tabs/port.ts';

/** A tab that stands for leader, and what it was told. */
const candidate = (hub: TabHub, name: string) => {
  const tab = hub.open(name);
  const reported: string[] = [];
  const stop = tab.lead({
    onLead: () => reported.push('lead'),
    onLeadershipLost: () => reported.push('lost lead'),
  });
  return { tab, reported, stop, leads: () => tab.state !== 'gone' && reported.at(-1) === 'lead' };
};

type Candidate = ReturnType<typeof candidate>;
const leaders = (all: Candidate[]) => all.filter((one) => one.leads()).map((one) => one.tab.name);

it('a tab without others leads', async () => {
  const reported: string[] = [];
  aloneTabs().lead({
    onLead: () => reported.push('lead'),
    onLeadershipLost: () => reported.push('lost lead'),
  });
  expect(reported).toEqual([]);
  await Promise.resolve();
  expect(reported).toEqual(['lead']);
});

for (const locks of ['web', 'channel'] as const) {
  describe(`tabs with ${locks} locks`, () => {
    let clock: VirtualClock;
    let hub: TabHub;
    let all: Candidate[];
    const [a, b, c] = [0, 1, 2].map((i) => ({
      get tab(): HubTab {
        return (all[i] as Candidate).tab;
      },
    }));
    const oneLeads = (...names: string[]) =>
      clock.until(() => {
        const found = leaders(all);
        return found.length === 1 && names.includes(found[0] as string);
      }, 8_000);

    beforeEach(async () => {
      clock = new VirtualClock();
      hub = new TabHub({ clock, random: seeded(7), locks });
      all = [];
      for (const name of ['a', 'b', 'c']) {
        all.push(candidate(hub, name));
        await clock.advance(4_000);
      }
      expect(leaders(all)).toEqual(['a']);
    });

    it('another one leads when the leader is closed, or gives the lead back', async () => {
      a?.tab.close();
      await oneLeads('b', 'c');
      const [leader] = leaders(all);
      all.find((one) => one.tab.name === leader)?.stop();
      await clock.advance(1);
      const rest = all.filter((one) => one.tab.name !== leader);
      await clock.until(() => leaders(rest).length === 1, 8_000);
    });

    it('a new candidacy ends the one before it', async () => {
      const reported: string[] = [];
      const again = {
        onLead: () => reported.push('lead'),
        onLeadershipLost: () => reported.push('lost lead'),
      };
      const stop = a?.tab.lead(again);
      expect(all[0]?.reported).toEqual(['lead', 'lost lead']);
      for (const other of all.slice(1)) other.tab.close();
      await clock.advance(8_000);
      expect(reported).toEqual(['lead']);
      all[0]?.stop();
      await clock.advance(100);
      stop?.();
      expect(reported).toEqual(['lead']);
      const next = candidate(hub, 'd');
      await clock.until(next.leads, 8_000);
    });

    it('another one leads when the leader has crashed', async () => {
      a?.tab.crash();
      await oneLeads('b', 'c');
    });

    it('another tab leads at once when the leader gets a freeze event', async () => {
      a?.tab.freeze(true);
      expect(leaders(all)).toEqual([]);
      await oneLeads('b', 'c');
      a?.tab.resume();
      await clock.advance(10_000);
      expect(leaders(all)).toHaveLength(1);
    });

    it('a waiting tab replaces a leader that was frozen without notice, which loses leadership when it resumes', async () => {
      a?.tab.freeze();
      const before = clock.now();
      c?.tab.waiting(true);
      // Without Web Locks, all that stand in line notice by themselves.
      const next = locks === 'web' ? ['c'] : ['b', 'c'];
      await clock.until(() => next.some((name) => leaders(all).includes(name)), 8_000);
      expect(clock.now() - before).toBeLessThan(5_500);
      a?.tab.resume();
      await clock.advance(100);
      expect(leaders(all)).toHaveLength(1);
      if (locks === 'web') expect(all[0]?.reported).toEqual(['lead', 'lost lead']);
    });

    it('a leader that answers is left alone, however long one waits', async () => {
      b?.tab.waiting(true);
      await clock.advance(120_000);
      expect(leaders(all)).toEqual(['a']);
      expect(all[0]?.reported).toEqual(['lead']);
    });

    it('a tab that was frozen itself does not replace the leader for that time', async () => {
      b?.tab.waiting(true);
      for (let i = 0; i < 5; i++) {
        await clock.advance(300);
        b?.tab.freeze();
        await clock.advance(60_000);
        b?.tab.resume();
      }
      await clock.advance(1_000);
      expect(leaders(all)).toEqual(['a']);
    });

    it('messages reach all others, in order; those that are frozen later, those that are gone never', async () => {
      const heard: Record<string, string[]> = { a: [], b: [], c: [] };
      for (const { tab } of all)
        tab.listen((message: TabMessage) => {
          if ('conversationId' in message) heard[tab.name]?.push(message.conversationId);
        });
      b?.tab.freeze();
      const said = Array.from({ length: 20 }, (_, i) => `${i}`);
      for (const conversationId of said) a?.tab.post({ type: 'interest', conversationId });
      await clock.advance(100);
      expect(heard).toEqual({ a: [], b: [], c: said });
      b?.tab.resume();
      expect(heard.b).toEqual(said);
      c?.tab.crash();
      a?.tab.post({ type: 'interest', conversationId: 'last' });
      await clock.advance(100);
      expect([heard.b?.at(-1), heard.c?.at(-1)]).toEqual(['last', '19']);
    });

    it('in the end exactly one of those left leads, whatever happened to them', async () => {
      const act = fc.record({
        tab: fc.integer({ min: 0, max: 4 }),
        what: fc.constantFrom('open', 'close', 'crash', 'freeze', 'notice', 'resume', 'wait', 'rest'),
        pause: fc.integer({ min: 0, max: 6_000 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.integer(), fc.array(act, { maxLength: 20 }), async (seed, acts) => {
          clock = new VirtualClock();
          hub = new TabHub({ clock, random: seeded(seed), locks });
          all = [candidate(hub, 't0'), candidate(hub, 't1')];
          for (const { tab: index, what, pause } of acts) {
            const tab = all[index % all.length]?.tab;
            if (what === 'open' && all.length < 5) all.push(candidate(hub, `t${all.length}`));
            else if (what === 'close') tab?.close();
            else if (what === 'crash') tab?.crash();
            else if (what === 'freeze' || what === 'notice') tab?.freeze(what === 'notice');
            else if (what === 'resume') tab?.resume();
            else if (what === 'wait' || what === 'rest') tab?.waiting(what === 'wait');
            await clock.advance(pause);
          }
          for (const { tab } of all) tab.resume();
          await clock.advance(20_000);
          const live = all.filter((one) => one.tab.state === 'live');
          expect(leaders(live)).toHaveLength(Math.min(1, live.length));
          for (const { reported } of all)
            reported.forEach((word, i) => {
              expect(word).toBe(i % 2 === 0 ? 'lead' : 'lost lead');
            });
        }),
        { numRuns: 150 },
      );
    });
  });
}
