import type { ChangesEvent } from '@lockstep/protocol';
import { room } from './names.ts';
import type { Io } from './types.ts';

/** Least time between two rounds, in ms: not noticeable, and under load a device gets one frame for several changes. */
const ROUND_MS = 25;

/**
 * Sends changes to the rooms of their conversations in rounds: immediately if the last round is long past, otherwise
 * batched for 25 ms. Writing frames to sockets is the main cost of a push, so each device gets one frame per round,
 * and devices that get the same changes share one encoding. Changes of one conversation keep their order. The members
 * of the room at the time of the round get it (rule 10).
 */
export class PacedChanges {
  readonly #io: Io;
  readonly #onWritten: ((publishedAt: number) => void) | undefined;
  #waiting: ChangesEvent[] = [];
  /** When each of the waiting was published, as far as known. */
  #publishedAt: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastRound = 0;

  /** `onWritten` is called for each event once its frames are written, with when it was published. */
  constructor(io: Io, onWritten?: (publishedAt: number) => void) {
    this.#io = io;
    this.#onWritten = onWritten;
  }

  /** `publishedAt`: epoch ms, by the clock of the process that published it. */
  add(event: ChangesEvent, publishedAt?: number): void {
    this.#waiting.push(event);
    if (this.#onWritten && publishedAt !== undefined) this.#publishedAt.push(publishedAt);
    if (this.#timer) return;
    const since = performance.now() - this.#lastRound;
    if (since >= ROUND_MS) this.flush();
    else this.#timer = setTimeout(() => this.flush(), ROUND_MS - since);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastRound = performance.now();
    const events = merged(this.#waiting);
    this.#waiting = [];
    this.#write(events);
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
