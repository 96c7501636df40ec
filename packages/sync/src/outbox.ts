import type { ErrorCode, Message } from '@lockstep/protocol';
import type { Context } from './context.ts';
import { codeOf, isTransient, waitFor } from './faults.ts';
import { isLoaded, type SentItem, settle } from './model.ts';
import type { Timer } from './ports.ts';

/** Messages on their way: in order, one at a time per conversation, under the same client id until the server has them. */
export class Outbox {
  readonly #sending = new Set<string>();
  readonly #waiting = new Map<string, { timer: Timer; attempt: number }>();

  constructor(
    readonly context: Context,
    readonly newId: () => string,
    /** The server has stored a message of ours. */
    readonly onStored: (message: Message) => void,
  ) {}

  send(conversationId: string, body: string): string {
    const { store, clock } = this.context;
    const clientId = this.newId();
    const item = { clientId, conversationId, body, createdAt: clock.now(), state: 'pending' as const };
    store.set({ ...store.model, outbox: [...store.model.outbox, { ...item, error: null, storedRev: null }] });
    this.#next(conversationId);
    return clientId;
  }

  /** It goes to the end: what was sent after it has gone already. */
  retry(clientId: string): void {
    const { store } = this.context;
    const item = this.#find(clientId);
    if (item?.state !== 'failed') return;
    const others = store.model.outbox.filter((other) => other !== item);
    store.set({ ...store.model, outbox: [...others, { ...item, state: 'pending', error: null }] });
    this.#next(item.conversationId);
  }

  discard(clientId: string): void {
    const { store } = this.context;
    store.set({ ...store.model, outbox: store.model.outbox.filter((item) => item.clientId !== clientId) });
  }

  /** Tries at once what waits for a better time. */
  flush(): void {
    const conversations = new Set(this.context.store.model.outbox.map((item) => item.conversationId));
    for (const id of conversations) this.#next(id);
  }

  #find(clientId: string): SentItem | undefined {
    return this.context.store.model.outbox.find((item) => item.clientId === clientId);
  }

  #change(clientId: string, change: Partial<SentItem>) {
    const { store } = this.context;
    const outbox = store.model.outbox.map((item) =>
      item.clientId === clientId ? { ...item, ...change } : item,
    );
    store.set({ ...store.model, outbox });
  }

  #next(conversationId: string, attempt = 0): void {
    const { store, clock, running } = this.context;
    if (this.#sending.has(conversationId) || !running()) return;
    const waiting = this.#waiting.get(conversationId);
    if (waiting) clock.clearTimeout(waiting.timer);
    this.#waiting.delete(conversationId);
    const item = store.model.outbox.find(
      (other) =>
        other.conversationId === conversationId && other.state !== 'failed' && other.storedRev === null,
    );
    if (item) void this.#attempt(item, attempt);
  }

  async #attempt(item: SentItem, attempt: number) {
    const { transport, clock, random, failed } = this.context;
    const { conversationId, clientId, body } = item;
    this.#sending.add(conversationId);
    this.#change(clientId, { state: 'sending' });
    try {
      const message = await transport.send(conversationId, clientId, body);
      this.#sending.delete(conversationId);
      this.#stored(message);
    } catch (error) {
      this.#sending.delete(conversationId);
      failed(error);
      const code = codeOf(error);
      if (isTransient(code) || code === 'unauthenticated') {
        this.#change(clientId, { state: 'pending' });
        const timer = clock.setTimeout(
          () => this.#next(conversationId, attempt + 1),
          waitFor(error, attempt, random),
        );
        this.#waiting.set(conversationId, { timer, attempt });
        return;
      }
      this.#refused(clientId, code);
    }
    this.#next(conversationId);
  }

  #refused(clientId: string, error: ErrorCode) {
    this.#change(clientId, { state: 'failed', error });
  }

  /** The answer and the push bring the same message: whichever comes first shows it, by `rev`. */
  #stored(message: Message) {
    const { store, push } = this.context;
    const { conversationId, clientId } = message;
    this.#change(clientId, { storedRev: message.rev });
    push({ conversationId, messages: [message] });
    const timeline = store.model.timelines.get(conversationId);
    const rev = timeline ? timeline.rev : Number.POSITIVE_INFINITY;
    if (!timeline || isLoaded(timeline))
      store.set({ ...store.model, outbox: settle(store.model, conversationId, [], rev) });
    this.onStored(message);
  }
}
