import { LIMITS, type PresenceState, type TypingEvent } from '@lockstep/protocol';
import type { Context } from './context.ts';
import { withKey, withoutKey } from './maps.ts';
import type { PushSocket } from './ports.ts';

/** "Is typing" is shown this long, in ms. */
const SHOWN_MS = 5_000;
/**
 * It is told at most this often, in ms. This is the only place that holds it back: a composer says each key, and the server
 * passes on what it gets. Only here it is known that a message went out, after which the next key has to tell again, and
 * what is held back here costs no frame.
 */
const TYPING_SPACING_MS = 3_000;

/** Typing and presence: lost without harm, never repaired. */
export class Ephemeral {
  readonly #typingSentAt = new Map<string, number>();
  #watched: string[] = [];
  #socket: PushSocket | null = null;

  constructor(readonly context: Context) {}

  /** Null while there is no socket. */
  use(socket: PushSocket | null): void {
    this.#socket = socket;
    if (socket && this.#watched.length > 0) void this.#watch(socket);
  }

  /** At each key. */
  sendTyping(conversationId: string): void {
    const now = this.context.clock.monotonic();
    if (
      !this.#socket ||
      now - (this.#typingSentAt.get(conversationId) ?? Number.NEGATIVE_INFINITY) < TYPING_SPACING_MS
    )
      return;
    this.#typingSentAt.set(conversationId, now);
    this.#socket.typing(conversationId);
  }

  /** A message was sent: the next key press sends the event again. */
  sent(conversationId: string): void {
    this.#typingSentAt.delete(conversationId);
  }

  watch(userIds: readonly string[]): void {
    const next = [...new Set(userIds)].slice(0, LIMITS.watchedPeople).sort();
    if (next.join() === this.#watched.join()) return;
    this.#watched = next;
    if (this.#socket) void this.#watch(this.#socket);
  }

  async #watch(socket: PushSocket) {
    try {
      const states = await socket.watch(this.#watched);
      if (socket !== this.#socket) return;
      const { store } = this.context;
      const presence = new Map(store.model.presence);
      for (const state of states) presence.set(state.userId, state);
      store.set({ ...store.model, presence });
    } catch {
      // Without presence everything else works; the next connection asks again.
    }
  }

  onPresence(state: PresenceState): void {
    const { store } = this.context;
    store.set({ ...store.model, presence: withKey(store.model.presence, state.userId, state) });
  }

  onTyping({ conversationId, userId }: TypingEvent): void {
    const { store, clock } = this.context;
    const { model } = store;
    if (userId === model.me.userId || !model.inbox.has(conversationId)) return;
    const others = (model.typing.get(conversationId) ?? []).filter((t) => t.userId !== userId);
    const shown = [...others, { userId, until: clock.monotonic() + SHOWN_MS }];
    store.set({ ...model, typing: withKey(model.typing, conversationId, shown) });
    clock.setTimeout(() => this.#expire(conversationId), SHOWN_MS);
  }

  #expire(conversationId: string) {
    const { store, clock } = this.context;
    const shown = store.model.typing.get(conversationId);
    if (!shown) return;
    const left = shown.filter((t) => t.until > clock.monotonic());
    if (left.length === shown.length) return;
    const { typing } = store.model;
    store.set({
      ...store.model,
      typing: left.length > 0 ? withKey(typing, conversationId, left) : withoutKey(typing, conversationId),
    });
  }
}
