import type { Message } from '@lockstep/protocol';
import { type Plan, planOf } from '@lockstep/testing/sim/plan';
import { Run } from '@lockstep/testing/sim/run';
import { expect, test } from 'vitest';
import { withWorld } from './seeds.ts';

type Device = Run['play']['devices'][number];
type Tab = Device['tabs'][number];

/** Two devices of one person, on a network with the faults of this seed. */
const planWithTwo = (seed: number): Plan => ({
  ...planOf(seed),
  mode: 'rough',
  devices: ['a0', 'a1'].map((name, i) => ({ name, person: 0, skewMs: 0, tabs: 1 + i, private: false })),
  conversations: [{ kind: 'group', members: [0, 1] }],
});

test(
  'rules 12 and 13: both messages are edited and recalled offline on two devices, which are then begun anew',
  {
    timeout: 120_000,
  },
  () =>
    withWorld(async (world) => {
      const refused: string[] = [];
      for (let seed = 1; seed <= 30; seed++) {
        const run = new Run(world, planWithTwo(seed));
        const violation = await run.go(async () => {
          const { clock, devices, conversations } = run.play;
          const [id] = conversations as [string];
          const said = () =>
            run.play.tabs.map(
              ({ state }) => state.timelines.get(id)?.messages.filter(({ body }) => body !== null) ?? [],
            );
          const [one, other] = devices as [Device, Device];
          const [tab, otherTab] = [one.tabs[0], other.tabs[0]] as [Tab, Tab];
          for (const { engine } of run.play.tabs) void engine.open(id);
          await clock.advance(5_000);
          for (const { engine } of run.play.tabs) void engine.open(id);
          for (const n of [1, 2]) one.send(tab, id, `text ${n}`);
          await clock.until(() => said().every((texts) => texts.length === 2), 300_000);
          const [first, second] = said()[0] as [Message, Message];
          for (const device of devices) device.offline(true);
          one.change(tab, id, first, `edit ${seed} a`, true);
          one.change(tab, id, second, null, false);
          other.change(otherTab, id, second, `edit ${seed} b`, true);
          other.change(otherTab, id, first, null, false);
          await clock.advance(1_000);
          for (const device of devices) {
            device.crash();
            device.use();
          }
          await clock.advance(1_000);
          expect(devices.map(({ tabs }) => tabs[0]?.state.commands.size)).toEqual([2, 2]);
          for (const device of devices) device.online();
        });
        expect(violation, `seed ${seed}`).toBeNull();
        for (const { state } of run.play.tabs)
          for (const { name, state: now, error } of state.commands.values())
            refused.push(`${name} ${now} ${error}`);
      }
      // In some of the runs the recall came first: the edit is shown as refused, with its reason.
      expect(new Set(refused)).toEqual(new Set(['edit failed conflict']));
    }),
);
