import assert from 'node:assert/strict';
import { checkWindow, Device } from './device.ts';
import { ModelServer } from './model-server.ts';
import { FAIR, Network, type Weather } from './network.ts';
import { seeded, VirtualClock } from './virtual-clock.ts';

const PEOPLE = ['ann', 'ben', 'cho'];
const CONVERSATIONS = ['alpha', 'beta', 'large'];

export interface SimulationOptions {
  weather?: Partial<Weather>;
  steps?: number;
}

/** One run: two devices of each of two people and one of a third do anything, in any weather, and then all must agree. */
export class Simulation {
  readonly clock = new VirtualClock();
  readonly random: () => number;
  readonly server: ModelServer;
  readonly network: Network;
  readonly devices: Device[];
  #bodies = 0;

  constructor(
    readonly seed: number,
    readonly options: SimulationOptions = {},
  ) {
    this.random = seeded(seed);
    // Small pages and a near reset: a short run meets every one of them.
    this.server = new ModelServer(() => this.clock.now(), { reset: 40, page: 7 });
    this.network = new Network(this.server, this.clock, this.random);
    for (const id of CONVERSATIONS) this.server.create(id, PEOPLE, id === 'large' ? 'read' : 'write');
    this.devices = ['ann', 'ann', 'ben', 'ben', 'cho'].map(
      (userId, i) => new Device(`${userId}${i}`, userId, this.network),
    );
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  async run(): Promise<void> {
    const { weather, steps = 120 } = this.options;
    this.network.weather = {
      lose: this.random() * 0.4,
      double: this.random() * 0.3,
      failBefore: this.random() * 0.2,
      failAfter: this.random() * 0.2,
      latencyMs: 20 + this.random() * 400,
      ...weather,
    };
    for (const device of this.devices) device.engine.start();
    for (let step = 0; step < steps; step++) {
      await this.clock.advance(this.random() * 600);
      await this.#act(this.#pick(this.devices), this.#pick(CONVERSATIONS));
      this.#sound();
    }
    await this.drain();
    this.#sound();
    this.agree();
  }

  /** Fair weather until nothing is left to do; longer than the sweep that finds pushes nobody noticed were lost. */
  async drain(): Promise<void> {
    this.network.weather = FAIR;
    for (const device of this.devices) device.online();
    await this.clock.advance(40_000);
    for (const id of CONVERSATIONS) this.server.fanOut(id);
    for (const device of this.devices)
      for (const id of device.state.timelines.keys()) void device.engine.open(id);
    await this.clock.advance(160_000);
  }

  async #act(device: Device, id: string): Promise<void> {
    const { engine } = device;
    const timeline = device.state.timelines.get(id);
    const entry = device.state.inbox.get(id);
    const dice = this.random();
    if (dice < 0.3) device.send(id, `text ${++this.#bodies}`);
    else if (dice < 0.4) void engine.open(id);
    else if (dice < 0.52) {
      const own = timeline?.messages.filter((m) => m.senderId === device.userId && m.body !== null) ?? [];
      const target = this.#pick(own);
      if (!target) return;
      const call =
        this.random() < 0.6
          ? engine.edit(id, target.seq, `edit ${++this.#bodies}`)
          : engine.recall(id, target.seq);
      call.catch(() => {});
    } else if (dice < 0.62)
      engine.markRead(id, Math.ceil(this.random() * (entry?.conversation.headSeq ?? 0)));
    else if (dice < 0.66) void engine.loadBefore(id);
    else if (dice < 0.7) void engine.loadAfter(id);
    else if (dice < 0.74)
      void engine.loadAround(id, 1 + Math.floor(this.random() * (entry?.conversation.headSeq ?? 1)));
    else if (dice < 0.78) void engine.jumpToNewest(id);
    else if (dice < 0.83) device.transport.cut();
    else if (dice < 0.87) device.offline();
    else if (dice < 0.91) device.online();
    else if (dice < 0.95) this.server.fanOut(id);
    else if (dice < 0.96) this.#burst(id);
    else if (dice < 0.98) this.#membership(id);
    else if (this.server.conversations.get(id)?.members.has(device.userId))
      this.server.rename(id, device.userId, `title ${++this.#bodies}`);
  }

  #burst(id: string) {
    const members = [...(this.server.conversations.get(id)?.members.keys() ?? [])];
    for (let i = 0; i < 45; i++) {
      const sender = this.#pick(members);
      if (sender) this.server.send(sender, id, `burst-${++this.#bodies}`, 'burst');
    }
  }

  #membership(id: string) {
    const userId = this.#pick(PEOPLE);
    if (this.server.conversations.get(id)?.members.has(userId)) this.server.remove(id, userId);
    else this.server.join(id, userId);
  }

  #sound() {
    for (const { violation, name } of this.devices)
      if (violation) throw new Error(`${name}: ${violation.message}`);
  }

  /** Every device equals a fresh snapshot of the server (rule 12). */
  agree(): void {
    for (const device of this.devices) {
      const { state, userId, name } = device;
      const expected = CONVERSATIONS.filter((id) => this.server.conversations.get(id)?.members.has(userId));
      assert.deepEqual([...state.inbox.keys()].sort(), expected.sort(), `${name}: conversations`);
      for (const id of expected)
        assert.deepEqual(state.inbox.get(id), this.server.entry(userId, id), `${name}: entry of ${id}`);
      for (const [id, timeline] of state.timelines) this.#sameTimeline(device, id, timeline);
      assert.deepEqual(
        state.outbox.filter((item) => item.state !== 'failed'),
        [],
        `${name}: outbox`,
      );
      this.#sentOnce(device);
    }
  }

  #sameTimeline(device: Device, id: string, timeline: Parameters<typeof checkWindow>[2]) {
    checkWindow(this.server, id, timeline);
    const stored = this.server.conversations.get(id);
    assert(stored);
    assert.equal(timeline.rev, stored.conversation.headRev, `${device.name}: rev of ${id}`);
    const first = timeline.messages[0]?.seq ?? 1;
    const whole = stored.messages.slice(first - 1, first - 1 + timeline.messages.length);
    assert.deepEqual(timeline.messages, whole, `${device.name}: window of ${id}`);
    if (!timeline.hasAfter) assert.equal(timeline.messages.at(-1)?.seq, stored.conversation.headSeq);
    assert.equal(timeline.error, null);
  }

  #sentOnce({ name, sent, userId, state }: Device) {
    for (const [clientId, id] of sent) {
      const stored = this.server.conversations
        .get(id)
        ?.messages.filter((m) => m.senderId === userId && m.clientId === clientId);
      const refused = state.outbox.some((item) => item.clientId === clientId);
      assert((stored?.length ?? 0) <= 1, `${name}: ${clientId} is stored twice`);
      assert(refused || stored?.length === 1, `${name}: ${clientId} is lost`);
    }
  }
}
