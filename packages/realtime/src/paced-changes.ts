import type { ChangesEvent } from '@lockstep/protocol';
import { room } from './names.ts';
import type { Io } from './types.ts';

/** From one round to the next at most, in ms: not noticeable. */
const ROUND_MS = 25;
/** Timers take a ms at least: shorter waits end with the turn. */
const MIN_TIMER_MS = 1;
/** A round that wrote for a ms is followed by so many ms in which changes gather: writing is at most a fourth of the time. */
const REST = 3;

/**
 * Sends changes to the rooms of their conversations in rounds. Writing frames to sockets is the main cost of a push, and
 * a device gets one frame per round, so the pace follows this cost: where little is going on, changes go out at the end
 * of the turn in which they came; under load they gather, for 25 ms at most. Devices that get the same changes share
 * one encoding. Changes of one conversation keep their order. The members of the room at the time of the round get it
 * (rule 10).
 */
export class PacedChanges {
  readonly #io: Io;
  readonly #onWritten: ((publishedAt: number) => void) | undefined;
  readonly #now: () => number;
  #waiting: ChangesEvent[] = [];
  /** When each of the waiting was published, as far as known. */
  #publishedAt: number[] = [];
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  /** When the next round may begin. */
  #next = 0;

  /**
   * `onWritten` is called for each event once its frames are written, with when it was published. `now` is a clock in
   * ms that never goes back.
   */
  constructor(
    io: Io,
    onWritten?: (publishedAt: number) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#io = io;
    this.#onWritten = onWritten;
    this.#now = now;
  }

  /** `publishedAt`: epoch ms, by the clock of the process that published it. */
  add(event: ChangesEvent, publishedAt?: number): void {
    this.#waiting.push(event);
    if (this.#onWritten && publishedAt !== undefined) this.#publishedAt.push(publishedAt);
    if (this.#timer) return;
    const wait = this.#next - this.#now();
    const flush = () => this.flush();
    // Not within this turn: what a group commit stored together is pushed together.
    this.#timer = wait < MIN_TIMER_MS ? setImmediate(flush) : setTimeout(flush, wait);
  }

  /** Begins a round now. */
  flush(): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    this.#timer = undefined;
    const events = merged(this.#waiting);
    this.#waiting = [];
    const startedAt = this.#now();
    this.#write(events);
    const tookMs = this.#now() - startedAt;
    this.#next = startedAt + Math.min(ROUND_MS, tookMs * (1 + REST));
    const publishedAt = this.#publishedAt;
    if (publishedAt.length === 0) return;
    this.#publishedAt = [];
    for (const at of publishedAt) this.#onWritten?.(at);
  }

  #write(events: ChangesEvent[]): void {
    const [first] = events;
    if (!first) return;
    if (events.length === 1)
      this.#io.local.to(room.conversation(first.conversationId)).emit('changes', events);
    else
      for (const { sockets, indexes } of this.#audiences(events)) {
        this.#io.local.to(sockets).emit(
          'changes',
          indexes.map((index) => events[index] as ChangesEvent),
        );
      }
  }

  /** Sockets by what they are to get. Every socket is in a room of its own id. */
  #audiences(events: ChangesEvent[]): Iterable<{ sockets: string[]; indexes: number[] }> {
    const { rooms } = this.#io.of('/').adapter;
    const wanted = new Map<string, number[]>();
    events.forEach(({ conversationId }, index) => {
      for (const socket of rooms.get(room.conversation(conversationId)) ?? []) {
        const indexes = wanted.get(socket);
        if (indexes) indexes.push(index);
        else wanted.set(socket, [index]);
      }
    });
    const audiences = new Map<string, { sockets: string[]; indexes: number[] }>();
    for (const [socket, indexes] of wanted) {
      const key = indexes.join();
      const audience = audiences.get(key);
      if (audience) audience.sockets.push(socket);
      else audiences.set(key, { sockets: [socket], indexes });
    }
    return audiences.values();
  }
}

/**
 * Runs of one conversation that follow each other without a gap become one event. One that carries the conversation
 * stays as it is: a device takes that for the state at the last `rev` of its event.
 */
const merged = (events: ChangesEvent[]): ChangesEvent[] => {
  const result: ChangesEvent[] = [];
  const open = new Map<string, ChangesEvent>();
  for (const event of events) {
    const before = open.get(event.conversationId);
    const joins = before && !before.conversation && !event.conversation;
    if (joins && before.messages.at(-1)?.rev === (event.messages[0]?.rev ?? 0) - 1) {
      before.messages.push(...event.messages);
      continue;
    }
    const copy = { ...event, messages: [...event.messages] };
    result.push(copy);
    open.set(event.conversationId, copy);
  }
  return result;
};
