import type { Desk, DeskState, LabDevice } from './desk.ts';
import type { Mode } from './messages.ts';

/** A script that devices play: each step waits for what the one before has led to. Rejects when aborted. */
type Play = (desk: Desk, signal: AbortSignal) => Promise<void>;

export const SCENARIOS = ['together', 'bothOffline', 'missedAsleep', 'storm'] as const;
export type Scenario = (typeof SCENARIOS)[number];

export const playScenario = (name: Scenario, desk: Desk, signal: AbortSignal): Promise<void> =>
  PLAYS[name](desk, signal);

const on = ({ devices }: DeskState, { slot }: LabDevice) => devices.find((device) => device.slot === slot);

const isIn = (mode: Mode, device: LabDevice) => (state: DeskState) => {
  const report = on(state, device)?.report;
  if (report?.mode !== mode) return false;
  return mode === 'offline' ? report.inspection.connection !== 'online' : true;
};

const waiting = (device: LabDevice, count: number) => (state: DeskState) => {
  const outbox = on(state, device)?.report?.inspection.outbox;
  return !!outbox && outbox.pending + outbox.sending === count;
};

const allAgree = ({ devices }: DeskState) => devices.every(({ verdict }) => verdict === 'agree');

/** The conversation that the first device is in, opened on all of them. */
const gather = async (desk: Desk, signal: AbortSignal): Promise<string> => {
  desk.orderAll({ type: 'mode', mode: 'online' });
  await desk.until(
    ({ devices }) =>
      devices.length > 0 &&
      devices.every(({ report }) => report?.mode === 'online' && report.inspection.caughtUp),
    signal,
  );
  const conversationId = desk.getState().devices[0]?.report?.conversationId;
  if (!conversationId) throw new Error('the first device has no conversation');
  desk.orderAll({ type: 'open', conversationId });
  await desk.until(
    ({ devices }) => devices.every(({ report }) => report?.conversationId === conversationId && report.rev),
    signal,
  );
  return conversationId;
};

/** Two of one person where there are such. */
const pair = (devices: readonly LabDevice[]): LabDevice[] => {
  for (const one of devices) {
    const other = devices.find(({ slot, person }) => slot !== one.slot && person.id === one.person.id);
    if (other) return [one, other];
  }
  return devices.slice(0, 2);
};

const PLAYS: Record<Scenario, Play> = {
  together: async (desk, signal) => {
    await gather(desk, signal);
  },

  bothOffline: async (desk, signal) => {
    const conversationId = await gather(desk, signal);
    const two = pair(desk.getState().devices);
    for (const { slot } of two) desk.order(slot, { type: 'mode', mode: 'offline' });
    for (const device of two) await desk.until(isIn('offline', device), signal);
    for (const { slot } of two)
      for (const n of [1, 2])
        desk.order(slot, {
          type: 'say',
          conversationId,
          text: `Written offline on device ${slot.toUpperCase()}, ${n}`,
        });
    for (const device of two) await desk.until(waiting(device, 2), signal);
    for (const { slot } of two) desk.order(slot, { type: 'mode', mode: 'online' });
    await desk.until(allAgree, signal);
  },

  missedAsleep: async (desk, signal) => {
    const conversationId = await gather(desk, signal);
    const [sleeper, ...others] = [...desk.getState().devices].reverse();
    const speaker = others.at(-1);
    if (!sleeper || !speaker) return;
    desk.order(sleeper.slot, { type: 'mode', mode: 'asleep' });
    await desk.until(isIn('asleep', sleeper), signal);
    for (const n of [1, 2, 3, 4, 5])
      desk.order(speaker.slot, {
        type: 'say',
        conversationId,
        text: `Said while ${sleeper.slot.toUpperCase()} slept, ${n}`,
      });
    await desk.until(
      (state) =>
        waiting(speaker, 0)(state) && others.every((device) => on(state, device)?.verdict === 'agree'),
      signal,
    );
    desk.order(sleeper.slot, { type: 'mode', mode: 'online' });
    await desk.until(allAgree, signal);
  },

  storm: async (desk, signal) => {
    const conversationId = await gather(desk, signal);
    const { devices } = desk.getState();
    desk.orderAll({ type: 'mode', mode: 'lossy' });
    for (const device of devices) await desk.until(isIn('lossy', device), signal);
    for (const { slot } of devices)
      for (const n of [1, 2, 3])
        desk.order(slot, {
          type: 'say',
          conversationId,
          text: `Through the storm from ${slot.toUpperCase()}, ${n}`,
        });
    await desk.until((state) => devices.every((device) => waiting(device, 0)(state)), signal);
    desk.orderAll({ type: 'mode', mode: 'online' });
    await desk.until(allAgree, signal);
  },
};
