import assert from 'node:assert/strict';
import { entryDigest } from '@lockstep/protocol';
import { VirtualClock } from '@lockstep/testing/sim/clock';
import { seeded } from '@lockstep/testing/sim/random';
import { Browser } from './browser.ts';
import { checkWindow, type Device } from './device.ts';
import { ModelServer } from './model-server.ts';
import { FAIR, Network, type Weather } from './network.ts';

const PEOPLE = ['ann', 'ben', 'cho'];
const CONVERSATIONS = ['alpha', 'beta', 'large', 'drafts'];
/** Nobody leaves it: what is written there has no way to go but into the draft or a message. */
const DRAFTS = 'drafts';

export interface SimulationOptions {
  /** Each browser has one tab, and tabs neither open nor go. */
  quiet?: boolean;
  weather?: Partial<Weather>;
  steps?: number;
}

/** One run: two browsers of each of two people and one of a third do anything, in any weather; then all must agree. */
export class Simulation {
  readonly clock = new VirtualClock();
  readonly random: () => number;
  readonly server: ModelServer;
  readonly network: Network;
  readonly browsers: Browser[];
  /** Words, and where and when each was written. */
  readonly typed = new Map<string, { device: Device; at: number }>();
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
    this.browsers = ['ann', 'ann', 'ben', 'ben', 'cho'].map(
      (userId, i) => new Browser(`${userId}${i}`, userId, this.network),
    );
  }

  get devices(): Device[] {
    return this.browsers.flatMap((browser) => browser.tabs);
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
    for (let step = 0; step < steps; step++) {
      await this.clock.advance(this.random() * 600);
      if (!this.options.quiet && this.random() < 0.12) this.#tabs(this.#pick(this.browsers));
      const device = this.#pick(this.devices);
      if (device && device.tab.state === 'live') await this.#act(device, this.#pick(CONVERSATIONS));
      this.#sound();
    }
    await this.drain();
    this.#sound();
    this.agree();
  }

  /** Fair weather until nothing is left to do; longer than the sweep that finds pushes nobody noticed were lost. */
  async drain(): Promise<void> {
    this.network.weather = FAIR;
    for (const browser of this.browsers) if (browser.tabs.length === 0) browser.open();
    for (const device of this.devices) device.tab.resume();
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
    if (id === DRAFTS && this.random() < 0.6) this.#write(device.browser.writer ?? device);
    else if (this.random() < 0.08) this.#personal(device, id);
    else if (id === DRAFTS && dice < 0.3) return;
    else if (dice < 0.3) device.send(id, `text ${++this.#bodies}`);
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

  /** Another word at the end of the draft; now and then it is sent. */
  #write(device: Device) {
    const held = device.state.drafts.get(DRAFTS)?.text ?? '';
    if (held && this.random() < 0.25) return device.send(DRAFTS, held);
    const word = `w${++this.#bodies}.`;
    this.typed.set(word, { device, at: this.clock.now() });
    device.engine.setDraft(DRAFTS, `${held} ${word}`.trim());
  }

  #personal({ engine }: Device, id: string) {
    const yes = this.random() < 0.5;
    const change = this.#pick([
      { markedUnread: true },
      { mutedUntil: yes ? this.clock.now() : null },
      { pinned: yes },
      { archived: yes },
    ]);
    if (this.random() < 0.3) engine.setPlace(id, yes ? 1 + Math.floor(this.random() * 9) : null);
    else engine.setPersonal(id, change);
  }

  #tabs(browser: Browser) {
    const tab = this.#pick(browser.tabs);
    const dice = this.random();
    if (!tab || dice < 0.3) {
      if (browser.tabs.length < 3) browser.open();
    } else if (dice < 0.5) {
      this.#stopWriting(tab);
      browser.crash(tab);
    } else if (dice < 0.65) browser.close(tab);
    else if (dice < 0.85) {
      this.#stopWriting(tab);
      tab.tab.freeze(this.random() < 0.5);
    } else for (const other of browser.tabs) other.tab.resume();
  }

  /** What was written in the last moment before a crash is not on disk yet. */
  #stopWriting(tab: Device) {
    for (const [word, { device, at }] of this.typed)
      if (device === tab && this.clock.now() - at < 300) this.typed.delete(word);
  }

  #burst(id: string) {
    const members = [...(this.server.conversations.get(id)?.members.keys() ?? [])];
    for (let i = 0; i < 45; i++) {
      const sender = this.#pick(members);
      if (sender) this.server.send(sender, id, `burst-${++this.#bodies}`, 'burst');
    }
  }

  #membership(id: string) {
    if (id === DRAFTS) return;
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
      assert.equal(state.caughtUp, true);
      assert.deepEqual(device.engine.digest().conversations, this.server.digest(userId, []).conversations);
    }
    for (const browser of this.browsers) {
      this.#sentOnce(browser);
      this.#diskAgrees(browser);
    }
    this.#nothingWrittenIsLost();
  }

  /** What a tab would begin with after a crash. */
  #diskAgrees({ disk, userId, name, hub, tabs }: Browser) {
    assert.equal(tabs.filter((tab) => tab.state.leader).length, 1, `${name}: one tab leads`);
    assert.equal(tabs.find((tab) => tab.state.leader)?.name, hub.holder);
    assert.equal(disk.pos, tabs[0]?.state.pos, `${name}: pos on disk`);
    const digests = Object.fromEntries([...disk.entries].map(([id, entry]) => [id, entryDigest(entry)]));
    assert.deepEqual(digests, this.server.digest(userId, []).conversations, `${name}: entries on disk`);
    for (const [id, held] of disk.held) {
      const stored = this.server.conversations.get(id);
      const seqs = held.ranges.flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, i) => from + i),
      );
      const messages = seqs.map((seq) => disk.messages.get(id)?.get(seq));
      for (const change of stored?.log.slice(0, held.rev) ?? []) {
        const message = messages[seqs.indexOf(change.seq)];
        assert(
          !message || message.rev >= change.rev,
          `${name}: rev ${change.rev} of ${id} is missing on disk`,
        );
      }
      if (held.rev === stored?.conversation.headRev)
        assert.deepEqual(
          messages,
          seqs.map((seq) => stored.messages[seq - 1]),
          `${name}: messages of ${id} on disk`,
        );
    }
    const pending = [...disk.commands.values()].filter(({ state }) => state !== 'failed');
    assert.deepEqual(pending, [], `${name}: still pending on disk`);
  }

  #nothingWrittenIsLost() {
    const { conversation, log } = this.server.conversations.get(DRAFTS) ?? {};
    const bodies = log?.map((m) => m.body ?? '').join(' ') ?? '';
    const drafts = PEOPLE.map((userId) => this.server.entry(userId, conversation?.id ?? DRAFTS).draft?.text);
    const kept = `${bodies} ${drafts.join(' ')}`;
    const lost = [...this.typed.keys()].filter((word) => !kept.includes(word));
    assert.deepEqual(lost, [], 'rule 6: what was written is lost');
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

  #sentOnce({ name, sent, userId, disk }: Browser) {
    for (const [clientId, id] of sent) {
      const stored = this.server.conversations
        .get(id)
        ?.messages.filter((m) => m.senderId === userId && m.clientId === clientId);
      const refused = disk.commands.has(clientId);
      assert((stored?.length ?? 0) <= 1, `${name}: ${clientId} is stored twice`);
      assert(refused || stored?.length === 1, `${name}: ${clientId} is lost`);
    }
  }
}
