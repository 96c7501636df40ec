import { act } from './act.ts';
import {
  checkAcknowledged,
  checkDatabase,
  checkDigest,
  checkDisk,
  checkSaidOnce,
  checkTab,
  snapshotOf,
} from './agree.ts';
import { withIds } from './ids.ts';
import { FAIR } from './network.ts';
import type { Plan } from './plan.ts';
import { Play, type PlayOptions } from './play.ts';
import { Violation } from './violation.ts';
import type { SimWorld } from './world.ts';

/** One run of a plan against the real server: devices do anything on a bad network, and then all must agree. */
export class Run {
  readonly play: Play;

  constructor(world: SimWorld, plan: Plan, options: PlayOptions = {}) {
    this.play = new Play(world, plan, options);
  }

  /**
   * Null if every rule held. Throws anything that is not a violation: a defect of the simulation, or no database.
   * `script` is played in place of the steps.
   */
  async go(script = () => this.#steps()): Promise<Violation | null> {
    const { play } = this;
    play.enter();
    return withIds(play.newId, async () => {
      try {
        await play.setUp();
        await script();
        await this.#drain();
        await this.#agree();
        return null;
      } catch (error) {
        if (error instanceof Violation) return error;
        throw error;
      } finally {
        for (const device of play.devices) {
          for (const tab of device.tabs) tab.engine.stop();
          device.clock.kill();
        }
        await play.clock.advance(0);
      }
    });
  }

  async #steps() {
    const { play } = this;
    for (const step of play.plan.steps) {
      await play.clock.advance(step.after);
      play.trace(() => this.#describe(step));
      act(play, step);
      play.check();
    }
  }

  /** For who looks into a run. */
  #describe({ action, device, where, what }: Plan['steps'][number]): string {
    const { plan, conversations } = this.play;
    const id = conversations[Math.floor(where * conversations.length)] ?? '';
    return `-- ${plan.devices[device]?.name}: ${action} ${this.play.titleOf(id)} (${what})`;
  }

  /** No faults until nothing is left to do. */
  async #drain() {
    const { play } = this;
    const { clock, network, worker, plan } = play;
    play.trace(() => '-- the faults end');
    clock.looseness = 0;
    network.faults = plan.mode === 'deaf' ? { ...FAIR, dropPush: 1 } : FAIR;
    network.up = true;
    for (const device of play.devices) {
      const late = !device.up || device.asleep || device.tabs.length === 0;
      device.use();
      if (plan.mode !== 'calm' || late) device.online();
    }
    await worker.sweep();
    if (plan.mode === 'calm') await this.#connected();
    // Longer than any wait before a retry; in a calm run there is nothing to retry.
    await clock.advance(plan.mode === 'calm' ? 8_000 : 40_000);
    // A failed load is retried only when the conversation is opened.
    for (const { state, engine } of play.tabs)
      for (const [id, timeline] of state.timelines) if (timeline.error) void engine.open(id);
    if (plan.mode === 'rough') for (const { engine } of play.tabs) engine.wake();
    // Longer than the sweep that finds pushes which nobody noticed were lost.
    await clock.advance(plan.mode === 'deaf' ? 150_000 : 8_000);
    play.check();
  }

  /** Waits until all are connected, however long the server was down; a wake-up makes a device try immediately. */
  async #connected() {
    for (let i = 0; i < 20; i++) {
      const waiting = this.play.tabs.filter(({ state }) => state.connection !== 'online');
      if (waiting.length === 0) return;
      for (const { engine } of waiting) engine.wake();
      await this.play.clock.advance(1_000);
    }
  }

  async #agree() {
    const { play } = this;
    const { core, ledger } = play;
    await checkDatabase(core, ledger);
    checkSaidOnce(ledger);
    const messages = new Map(ledger.ids.map((id) => [id, ledger.messages(id)]));
    checkAcknowledged(ledger, (id) => messages.get(id) ?? []);
    for (const userId of new Set(play.devices.map((device) => device.userId))) {
      const snapshot = await snapshotOf(core, userId);
      const devices = play.devices.filter((device) => device.userId === userId);
      const tabs = devices.flatMap((device) => device.tabs);
      for (const tab of tabs) {
        checkTab(tab, ledger, snapshot, {
          exactly: play.plan.mode !== 'calm',
          // A crossed threshold becomes known only with the next pull, and with it how sending counts as reading.
          late: play.large,
        });
        if (play.plan.mode !== 'calm') await checkDigest(core, tab);
      }
      for (const device of devices) {
        checkDisk(device, ledger, snapshot, play.plan.mode !== 'calm');
        const left = device.tabs.flatMap((tab) => [...tab.state.commands.values()]);
        device.changes.check(device.name, userId, ledger, left);
      }
      const names = devices.map((device) => device.name).join('+');
      play.settings.get(userId)?.check(
        names,
        (id) => snapshot.entries.get(id),
        (id) => ledger.wasOut(id, userId),
      );
      play.typed.get(userId)?.check(
        names,
        (id) => snapshot.entries.get(id)?.draft?.text ?? '',
        (id) => messages.get(id) ?? [],
        tabs.flatMap((tab) => tab.state.outbox),
        (id) => ledger.wasOut(id, userId),
      );
    }
  }
}
