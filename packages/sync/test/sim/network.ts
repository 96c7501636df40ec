import { type ChangesEvent, type InboxEntry, LockstepError } from '@lockstep/protocol';
import type { Input, Name, Output } from '@lockstep/protocol/contract';
import type { VirtualClock } from '@lockstep/testing/sim/clock';
import type { PushHandlers, PushSocket, Transport } from '../../src/ports.ts';
import { callsOver } from '../../src/transport/calls.ts';
import { transportOver } from '../../src/transport/transport.ts';
import type { ModelServer } from './model-server.ts';

/** Chances in [0, 1], and times in ms. */
export interface Weather {
  lose: number;
  double: number;
  /** A call fails before the server has seen it, or after it has done it. */
  failBefore: number;
  failAfter: number;
  latencyMs: number;
}

export const FAIR: Weather = { lose: 0, double: 0, failBefore: 0, failAfter: 0, latencyMs: 20 };

/** What a tab lets happen: nothing while it is frozen or gone. */
interface Turns {
  turn(): Promise<void>;
  readonly state: string;
}

const ALWAYS: Turns = { turn: () => Promise.resolve(), state: 'live' };

/** What the model server knows of the contract. */
type Answers = { [N in Name]?: (input: Input<N>) => Promise<Output<N>> };

interface Line {
  userId: string;
  tab: Turns;
  handlers: PushHandlers;
  rooms: Set<string>;
}

/** Between the engines and the model server: loses, doubles, delays and so reorders, all from one seed. */
export class Network {
  weather: Weather = FAIR;
  readonly #lines = new Set<Line>();

  constructor(
    readonly server: ModelServer,
    readonly clock: VirtualClock,
    readonly random: () => number,
  ) {
    server.onChanges = (event) => this.#changes(event);
    server.onEntry = (userId, entry) => this.#entry(userId, entry);
    server.onMembers = () => {
      for (const line of this.#lines) this.#enter(line);
    };
  }

  #enter(line: Line) {
    for (const [id, { members }] of this.server.conversations)
      if (members.has(line.userId)) line.rooms.add(id);
      else line.rooms.delete(id);
  }

  #changes(event: ChangesEvent) {
    for (const line of this.#lines)
      if (line.rooms.has(event.conversationId)) this.#push(line, () => line.handlers.changes(event));
  }

  #entry(userId: string, entry: InboxEntry) {
    for (const line of this.#lines)
      if (line.userId === userId) this.#push(line, () => line.handlers.inbox({ entry }));
  }

  #push(line: Line, deliver: () => void) {
    const times = this.random() < this.weather.lose ? 0 : this.random() < this.weather.double ? 2 : 1;
    for (let i = 0; i < times; i++)
      this.clock.setTimeout(async () => {
        if (line.tab.state !== 'live') await line.tab.turn();
        if (this.#lines.has(line)) deliver();
      }, this.#latency());
  }

  #latency() {
    return 1 + this.random() * this.weather.latencyMs;
  }

  /** The way of one device. `up` is false while it is offline. */
  transport(
    userId: string,
    device: { up: boolean },
    tab: Turns = ALWAYS,
  ): Transport & { cut(): void; drop(): void } {
    const { server, clock } = this;
    const gone = () => new TypeError('fetch failed');
    const call = async <T>(work: () => T | Promise<T>): Promise<T> => {
      const { failBefore, failAfter } = this.weather;
      await clock.wait(this.#latency());
      if (!device.up || this.random() < failBefore) throw gone();
      const result = await work();
      await clock.wait(this.#latency());
      if (tab.state !== 'live') await tab.turn();
      if (!device.up || this.random() < failAfter) throw gone();
      return result;
    };
    /** The head, then the messages: others write in between, as between two statements. */
    const read = <T>(id: string, then: (head: { headSeq: number; headRev: number }) => T) =>
      call(async () => {
        const head = { ...server.head(userId, id) };
        await clock.wait(this.random() * 3);
        return then(head);
      });
    const size = (limit: number) => Math.min(limit, server.limits.page);
    const mine = new Set<Line>();
    const cut = () => {
      for (const line of mine) {
        this.#lines.delete(line);
        mine.delete(line);
        line.handlers.closed({ unauthenticated: false });
      }
    };
    /** The browser of a tab that is gone closes its socket; nobody is there to hear of it. */
    const drop = () => {
      for (const line of mine) this.#lines.delete(line);
      mine.clear();
    };
    const connect = (handlers: PushHandlers): PushSocket => {
      const line: Line = { userId, tab, handlers, rooms: new Set() };
      mine.add(line);
      clock.setTimeout(async () => {
        if (tab.state !== 'live') await tab.turn();
        if (!mine.has(line)) return;
        if (!device.up) {
          mine.delete(line);
          handlers.closed({ unauthenticated: false });
          return;
        }
        this.#lines.add(line);
        this.#enter(line);
        const event = { userId, sessionId: 's', serverTime: clock.now(), protocolVersion: 1 };
        clock.setTimeout(async () => {
          if (tab.state !== 'live') await tab.turn();
          if (this.#lines.has(line)) handlers.ready(event);
        }, this.#latency());
      }, this.#latency());
      const close = () => {
        mine.delete(line);
        this.#lines.delete(line);
      };
      return { typing: () => {}, place: () => {}, watch: async () => [], close };
    };
    const answers: Answers = {
      'sync.inbox': ({ afterPos, timelines = [] }) =>
        call(() => server.inboxAfter(userId, afterPos, timelines)),
      'conversations.get': ({ conversationId: id }) => call(() => server.entry(userId, id)),
      'sync.changes': ({ conversationId: id, afterRev }) =>
        read(id, (head) => server.changes(id, head, afterRev)),
      'messages.before': ({ conversationId: id, seq, limit = 50 }) =>
        read(id, (head) => {
          const to = Math.min((seq ?? head.headSeq + 1) - 1, head.headSeq);
          return server.page(id, head, to - size(limit) + 1, to);
        }),
      'messages.after': ({ conversationId: id, seq, limit = 50 }) =>
        read(id, (head) => server.page(id, head, seq + 1, seq + size(limit))),
      'messages.around': ({ conversationId: id, seq, limit = 50 }) =>
        read(id, (head) => {
          const from = Math.max(1, seq - Math.floor(size(limit) / 2));
          return server.page(id, head, from, from + size(limit) - 1);
        }),
      'messages.send': ({ conversationId: id, clientId, body }) =>
        call(() => server.send(userId, id, clientId, body)),
      'messages.edit': ({ conversationId: id, seq, body }) =>
        call(() => server.change(userId, id, seq, { body, editedAt: clock.now() })),
      'messages.recall': ({ conversationId: id, seq }) =>
        call(() => server.change(userId, id, seq, { body: null, recalledAt: clock.now() })),
      'sync.read': ({ conversationId: id, seq }) => call(() => server.read(userId, id, seq)),
      'sync.personal': ({ conversationId: id, ...change }) => call(() => server.personal(userId, id, change)),
      'sync.draft': ({ conversationId: id, text, baseVersion }) =>
        call(() => server.draft(userId, id, text, baseVersion)),
      'sync.receipts': ({ conversationId: id }) => call(() => server.receipts(userId, id)),
      'sync.digest': ({ ranges = [] }) => call(() => server.digest(userId, ranges)),
      'messages.atTime': ({ conversationId: id, at }) => read(id, () => server.atTime(id, at)),
      'people.get': async () => [],
      'people.changes': async ({ afterRev }) => ({
        after: afterRev,
        people: [],
        to: afterRev ?? 0,
        more: false,
        reset: false,
      }),
    };
    const calls = callsOver(async (_kind, name, input) => {
      const answer = answers[name as keyof Answers];
      if (!answer) throw new LockstepError('not_found');
      return answer(input as never);
    });
    return { ...transportOver(calls, connect), cut, drop };
  }
}
