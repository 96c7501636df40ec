import assert from 'node:assert/strict';
import { createEngine } from '../../src/engine.ts';
import { isLoaded } from '../../src/model.ts';
import { type MemoryDisk, MemoryStore } from '../../src/store/memory.ts';
import type { HubTab } from '../../src/tabs/hub.ts';
import type { Engine, SyncState, TimelineState } from '../../src/types.ts';
import type { ModelServer } from './model-server.ts';
import type { Network } from './network.ts';

/** The browser that a tab is of. */
export interface BrowserOfTab {
  readonly disk: MemoryDisk;
  readonly sent: Map<string, string>;
  readonly userId: string;
  newId(): string;
}

/** A real engine in one tab on the fake network, watched at every step of its state. */
export class Device {
  readonly engine: Engine;
  readonly net = { up: true };
  readonly transport: ReturnType<Network['transport']>;
  readonly name: string;
  violation: Error | null = null;
  #last: SyncState;

  constructor(
    readonly browser: BrowserOfTab,
    readonly tab: HubTab,
    readonly network: Network,
  ) {
    this.name = tab.name;
    this.transport = network.transport(browser.userId, this.net, tab);
    this.engine = createEngine({
      userId: browser.userId,
      transport: this.transport,
      clock: tab.clock,
      random: network.random,
      newId: () => browser.newId(),
      store: new MemoryStore({
        userId: browser.userId,
        disk: browser.disk,
        kind: 'disk',
        pause: async () => {
          await network.clock.wait(network.random() * 5);
          await tab.turn();
        },
      }),
      tabs: tab,
      cached: 2,
    });
    this.#last = this.engine.getState();
    this.engine.subscribe(() => {
      try {
        this.#watch(this.engine.getState());
      } catch (error) {
        this.violation ??= error as Error;
      }
    });
  }

  get userId(): string {
    return this.browser.userId;
  }

  get state(): SyncState {
    return this.engine.getState();
  }

  offline(): void {
    this.net.up = false;
    this.transport.cut();
  }

  online(): void {
    this.net.up = true;
    this.engine.wake();
  }

  send(conversationId: string, body: string): void {
    this.browser.sent.set(this.engine.send(conversationId, body), conversationId);
  }

  #watch(next: SyncState) {
    const last = this.#last;
    this.#last = next;
    const { server } = this.network;
    for (const [id, timeline] of next.timelines) {
      if (timeline === last.timelines.get(id)) continue;
      checkWindow(server, id, timeline);
      const held = last.timelines.get(id);
      if (held) assert(timeline.rev >= held.rev, 'the applied cursor goes back');
    }
    for (const [id, entry] of next.inbox) {
      const held = last.inbox.get(id);
      if (held === entry) continue;
      assert(entry.readSeq <= entry.conversation.headSeq, 'rule 7: read position past the head');
      if (held) assert(entry.readSeq >= held.readSeq, 'rule 7: read position goes back');
    }
    this.#watchOutbox(last, next);
  }

  /** Shown exactly once: in the outbox, and from one update to the next in the window. */
  #watchOutbox(last: SyncState, next: SyncState) {
    const left = new Set(next.outbox.map((item) => item.clientId));
    const shown = (id: string, clientId: string) =>
      next.timelines.get(id)?.messages.some((m) => m.senderId === this.userId && m.clientId === clientId);
    for (const item of next.outbox)
      assert(!shown(item.conversationId, item.clientId), `${item.clientId} is shown twice`);
    for (const item of last.outbox) {
      const timeline = next.timelines.get(item.conversationId);
      if (left.has(item.clientId) || !timeline || !isLoaded(timeline) || timeline.hasAfter) continue;
      // Older than the window: given up for a newer page meanwhile.
      const seq = this.network.server.conversations
        .get(item.conversationId)
        ?.messages.find((m) => m.senderId === this.userId && m.clientId === item.clientId)?.seq;
      if (seq !== undefined && seq < (timeline.messages[0]?.seq ?? 0)) continue;
      assert(shown(item.conversationId, item.clientId), `${item.clientId} is shown nowhere`);
    }
  }
}

/** Rules 5 and 6: a window is without holes, and holds at least what had happened at its `rev`. */
export const checkWindow = (server: ModelServer, id: string, timeline: TimelineState): void => {
  const { messages, rev } = timeline;
  messages.forEach((message, i) => {
    assert.equal(message.seq, (messages[0]?.seq ?? 0) + i, 'the window has a hole');
  });
  const stored = server.conversations.get(id);
  const first = messages[0]?.seq ?? 1;
  for (const change of stored?.log.slice(0, rev) ?? []) {
    const held = messages[change.seq - first];
    if (held) assert(held.rev >= change.rev, `rule 6: rev ${change.rev} of seq ${change.seq} is missing`);
    else if (!timeline.hasAfter)
      assert(change.seq < first, `rule 5: seq ${change.seq} of rev ${change.rev} is missing`);
  }
};
