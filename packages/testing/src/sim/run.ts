import { actions, type Core, errorCodeOf, silentPublisher } from '@lockstep/core';
import { type ChangesEvent, LockstepError } from '@lockstep/protocol';
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
import { VirtualClock } from './clock.ts';
import { Device } from './device.ts';
import { Typed } from './drafts.ts';
import { withIds } from './ids.ts';
import { Ledger } from './ledger.ts';
import { Network } from './network.ts';
import type { Plan } from './plan.ts';
import { idsOf, streamOf } from './random.ts';
import type { Tab } from './tab.ts';
import { Violation } from './violation.ts';
import { FAIR } from './weather.ts';
import { SimWorker } from './worker.ts';
import { actorOf, callCore, type SimWorld, THRESHOLD } from './world.ts';

export interface RunOptions {
  /** Called with every event, in order. */
  trace?: (line: string) => void;
  /** Calls that the database may get at once. Above 0, a run cannot be repeated exactly. */
  looseness?: number;
}

/** One run of a plan against the real server: devices do anything, in any weather, and then all must agree. */
export class Run {
  readonly clock: VirtualClock;
  readonly network: Network;
  readonly ledger: Ledger;
  readonly worker: SimWorker;
  readonly people: string[];
  devices: Device[] = [];
  /** Ids, in the order in which they were made. */
  readonly conversations: string[] = [];
  readonly owners = new Map<string, string>();
  readonly newId: () => string;
  #bodies = 0;
  #fault: unknown = null;
  /** By person. */
  readonly #typed = new Map<string, Typed>();
  /** Conversations that were at some time read from their head. */
  readonly #large = new Set<string>();

  constructor(
    readonly world: SimWorld,
    readonly plan: Plan,
    readonly options: RunOptions = {},
  ) {
    const { seed } = plan;
    this.clock = new VirtualClock(options.looseness);
    this.ledger = new Ledger((options.looseness ?? 0) > 0);
    const ids = idsOf(seed, streamOf(seed, 'people'));
    this.people = Array.from({ length: plan.people }, ids).sort();
    this.newId = idsOf(seed, streamOf(seed, 'ids'));
    this.network = new Network(
      {
        call: (userId, name, input) => callCore(world.core, userId, name, input),
        rooms: async (userId) => {
          const { rows } = await this.core.db.pool.query<{ id: string }>(ROOMS, [userId]);
          return rows.map((row) => row.id);
        },
      },
      this.clock,
    );
    this.network.refused = (error) => this.#refused(error);
    this.network.trace = (line) => this.trace(line);
    this.worker = new SimWorker(
      world.core,
      this.clock,
      streamOf(seed, 'worker'),
      () => this.ledger.ids,
      plan.mode === 'calm' ? 0 : 300,
    );
  }

  get core(): Core {
    return this.world.core;
  }

  get tabs(): Tab[] {
    return this.devices.flatMap((device) => device.tabs);
  }

  /** People without a device. */
  get crowd(): string[] {
    const owners = new Set(this.plan.devices.map((device) => device.person));
    return this.people.filter((_, i) => !owners.has(i));
  }

  next(): number {
    return ++this.#bodies;
  }

  trace(line: () => string): void {
    this.options.trace?.(`${(this.clock.elapsed / 1_000).toFixed(3).padStart(8)} ${line()}`);
  }

  /** Server-side events without a device. Refusals are expected. */
  async outside(work: () => Promise<unknown>): Promise<void> {
    try {
      await this.clock.hold(work());
    } catch (error) {
      this.#refused(error);
    }
  }

  /** Maps errors as the API does: an unexpected error is a defect of the server. */
  #refused(error: unknown): unknown {
    if (error instanceof LockstepError) return error;
    const code = errorCodeOf(error);
    if (code === 'internal' || code === 'invalid_input') this.#fault ??= error;
    return new LockstepError(code);
  }

  #published(event: ChangesEvent) {
    if ((event.conversation?.memberCount ?? 0) > THRESHOLD) this.#large.add(event.conversationId);
    try {
      this.ledger.record(event);
    } catch (error) {
      this.#fault ??= error;
    }
    this.trace(
      () =>
        `push ${event.messages.map((m) => `${m.seq}@${m.rev}`).join(' ')} to ${this.titleOf(event.conversationId)}`,
    );
    this.network.changes(event);
  }

  titleOf(id: string): string {
    const index = this.conversations.indexOf(id);
    return index < 0 ? id.slice(9) : `#${index}`;
  }

  /** Null if every rule held. Throws anything that is not a violation: a defect of the simulation, or no database. */
  async go(): Promise<Violation | null> {
    const { network, worker } = this;
    this.world.plug({
      publish: {
        ...silentPublisher,
        changes: (event) => this.#published(event),
        inbox: network.inbox,
        receipt: network.receipt,
        joined: network.joined,
        left: network.left,
        ended: network.ended,
      },
      moved: (ids) => worker.moved(ids),
    });
    return withIds(this.newId, async () => {
      try {
        await this.#setUp();
        for (const step of this.plan.steps) {
          await this.clock.advance(step.after);
          this.trace(() => this.#told(step));
          act(this, step);
          this.#check();
        }
        await this.#drain();
        await this.#agree();
        return null;
      } catch (error) {
        if (error instanceof Violation) return error;
        throw error;
      } finally {
        for (const device of this.devices) {
          for (const tab of device.tabs) tab.engine.stop();
          device.clock.kill();
        }
        await this.clock.advance(0);
      }
    });
  }

  /** For who looks into a run. */
  #told({ action, device, where, what }: Plan['steps'][number]): string {
    const id = this.conversations[Math.floor(where * this.conversations.length)] ?? '';
    return `-- ${this.plan.devices[device]?.name}: ${action} ${this.titleOf(id)} (${what})`;
  }

  async #setUp() {
    const { plan, core, people } = this;
    await this.world.people(
      plan.seed,
      people.map((id, i) => ({ id, name: `Person ${i}` })),
    );
    for (const { kind, members } of plan.conversations) {
      const userIds = members.map((i) => people[i] as string);
      const [owner = '', other = ''] = userIds;
      const actor = actorOf(owner);
      const begin = {
        direct: () => actions.openDirect(actor, core, { userId: other }),
        group: () => actions.createGroup(actor, core, { title: 'group', userIds }),
        channel: () =>
          actions.createChannel(actor, core, { title: 'channel', visibility: 'public', userIds }),
      };
      const entry = await begin[kind]();
      this.conversations.push(entry.conversation.id);
      this.owners.set(entry.conversation.id, owner);
    }
    this.network.weather = plan.weather;
    for (const device of plan.devices) {
      const userId = people[device.person] as string;
      const typed = this.#typed.get(userId) ?? new Typed();
      this.#typed.set(userId, typed);
      this.devices.push(new Device(device, userId, plan, this.network, this.clock, this.ledger, typed));
    }
  }

  #check() {
    if (this.#fault) {
      if (this.#fault instanceof Violation) throw this.#fault;
      throw new Violation(0, 'server-fault', `the server failed: ${(this.#fault as Error).stack}`);
    }
    for (const { watch } of this.tabs) if (watch.violation) throw watch.violation;
  }

  /** A good network until nothing is left to do. */
  async #drain() {
    const { clock, network, worker, plan } = this;
    this.trace(() => '-- the weather clears up');
    clock.looseness = 0;
    network.weather = plan.mode === 'deaf' ? { ...FAIR, lose: 1 } : FAIR;
    network.up = true;
    for (const device of this.devices) {
      const late = !device.up || device.asleep || device.tabs.length === 0;
      device.use();
      if (plan.mode !== 'calm' || late) device.online();
    }
    await worker.sweep();
    if (plan.mode === 'calm') await this.#connected();
    // Longer than any wait before a retry; in calm weather there is nothing to retry.
    await clock.advance(plan.mode === 'calm' ? 8_000 : 40_000);
    // A failed load is retried only when the conversation is opened.
    for (const { state, engine } of this.tabs)
      for (const [id, timeline] of state.timelines) if (timeline.error) void engine.open(id);
    if (plan.mode === 'rough') for (const { engine } of this.tabs) engine.wake();
    // Longer than the sweep that finds pushes which nobody noticed were lost.
    await clock.advance(plan.mode === 'deaf' ? 150_000 : 8_000);
    this.#check();
  }

  /** Waits until all are connected, however long the server was down; a wake-up makes a device try immediately. */
  async #connected() {
    for (let i = 0; i < 20; i++) {
      const waiting = this.tabs.filter(({ state }) => state.connection !== 'online');
      if (waiting.length === 0) return;
      for (const { engine } of waiting) engine.wake();
      await this.clock.advance(1_000);
    }
  }

  async #agree() {
    const { core, ledger } = this;
    await checkDatabase(core, ledger);
    checkSaidOnce(ledger);
    const messages = new Map(ledger.ids.map((id) => [id, ledger.messages(id)]));
    checkAcknowledged(ledger, (id) => messages.get(id) ?? []);
    for (const userId of new Set(this.devices.map((device) => device.userId))) {
      const snapshot = await snapshotOf(core, userId);
      const devices = this.devices.filter((device) => device.userId === userId);
      const tabs = devices.flatMap((device) => device.tabs);
      for (const tab of tabs) {
        checkTab(tab, ledger, snapshot, {
          exactly: this.plan.mode !== 'calm',
          // A crossed threshold becomes known only with the next pull, and with it how sending counts as reading.
          late: this.#large,
        });
        if (this.plan.mode !== 'calm') await checkDigest(core, tab);
      }
      for (const device of devices) {
        checkDisk(device, ledger, snapshot);
        const left = device.tabs.flatMap((tab) => [...tab.state.commands.values()]);
        device.changes.check(device.name, userId, ledger, left);
      }
      this.#typed.get(userId)?.check(
        devices.map((device) => device.name).join('+'),
        (id) => snapshot.entries.get(id)?.draft?.text ?? '',
        (id) => messages.get(id) ?? [],
        tabs.flatMap((tab) => tab.state.outbox),
        (id) => ledger.wasOut(id, userId),
      );
    }
  }
}

const ROOMS = 'select conversation_id as id from active_member where user_id = $1 order by 1';
