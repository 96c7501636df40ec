import type { ErrorCode, Message } from '@lockstep/protocol';
import type { Context } from './context.ts';
import type { LocalDraft } from './draft.ts';
import { codeOf, isTransient, waitFor } from './faults.ts';
import { isLoaded, type Model, type SentItem, settle } from './model.ts';
import type { Timer } from './ports.ts';
import type { Shared } from './shared.ts';
import { inOrder, nextOrder } from './store/port.ts';

/**
 * Messages on their way: on disk before they go out, in order, one at a time per conversation, under the same client id
 * until the server has them.
 */
export class Outbox {
  readonly #sending = new Set<string>();
  /** Failures one after another, by conversation. */
  readonly #failures = new Map<string, number>();
  /** `held`: the server asked to wait at least until then. */
  readonly #waiting = new Map<string, { timer: Timer; held: boolean }>();

  constructor(
    readonly context: Context,
    readonly shared: Shared,
    readonly newId: () => string,
  ) {}

  /** `draft`: what is left of it, to be stored in the same step. */
  send(conversationId: string, body: string, draft: LocalDraft | null): string {
    const { store, clock } = this.context;
    const { outbox } = store.model;
    const item: SentItem = {
      ...{ clientId: this.newId(), conversationId, body, createdAt: clock.now() },
      ...{ state: 'pending', error: null, storedRev: null, order: nextOrder(outbox, clock.now()) },
    };
    // First on its way to the disk: what is not there yet is not sent.
    const saved = this.shared.outbox.send(item, draft);
    store.set({ ...store.model, outbox: [...outbox, item] });
    void saved.then(() => this.#next(conversationId));
    return item.clientId;
  }

  /** It goes to the end: what was sent after it has gone already. */
  retry(clientId: string): void {
    const { store, clock } = this.context;
    const item = this.#find(clientId);
    if (item?.state !== 'failed') return;
    const order = nextOrder(store.model.outbox, clock.now());
    this.#change(clientId, { state: 'pending', error: null, order });
    void this.shared.outbox.item(clientId).then(() => this.#next(item.conversationId));
  }

  discard(clientId: string): void {
    const { store } = this.context;
    store.set({ ...store.model, outbox: store.model.outbox.filter((item) => item.clientId !== clientId) });
    void this.shared.outbox.item(clientId);
  }

  /** Tries at once what waits for a better time. */
  flush(): void {
    // Also for what is under way: it may fail only now, of a network that is no more.
    this.#failures.clear();
    for (const id of this.#conversations()) this.#next(id);
  }

  /** Starts what nobody has started yet. */
  resume(): void {
    for (const id of this.#conversations()) if (!this.#waiting.has(id)) this.#next(id);
  }

  /** Another tab has had a message stored. */
  settled(message: Message): void {
    if (this.#find(message.clientId)) this.#stored(message);
    else this.context.push({ conversationId: message.conversationId, messages: [message] });
  }

  #conversations() {
    return new Set(this.context.store.model.outbox.map((item) => item.conversationId));
  }

  #find(clientId: string): SentItem | undefined {
    return this.context.store.model.outbox.find((item) => item.clientId === clientId);
  }

  #change(clientId: string, change: Partial<SentItem>) {
    const { store } = this.context;
    const outbox = store.model.outbox
      .map((item) => (item.clientId === clientId ? { ...item, ...change } : item))
      .sort(inOrder);
    store.set({ ...store.model, outbox });
  }

  #next(conversationId: string): void {
    const { store, clock, sends } = this.context;
    if (this.#sending.has(conversationId) || !sends()) return;
    const waiting = this.#waiting.get(conversationId);
    if (waiting?.held) return;
    if (waiting) {
      clock.clearTimeout(waiting.timer);
      this.#waiting.delete(conversationId);
      this.#failures.delete(conversationId);
    }
    const item = store.model.outbox.find(
      (other) =>
        other.conversationId === conversationId && other.state !== 'failed' && other.storedRev === null,
    );
    if (item && this.shared.outbox.isSaved(item.clientId)) void this.#attempt(item);
  }

  async #attempt(item: SentItem) {
    const { transport, clock, random, failed } = this.context;
    const { conversationId, clientId, body } = item;
    this.#sending.add(conversationId);
    this.#change(clientId, { state: 'sending' });
    try {
      const message = await transport.send(conversationId, clientId, body);
      this.#sending.delete(conversationId);
      this.#failures.delete(conversationId);
      this.shared.stored(message);
      this.#stored(message);
    } catch (error) {
      this.#sending.delete(conversationId);
      failed(error);
      const code = codeOf(error);
      if (isTransient(code) || code === 'unauthenticated') {
        this.#change(clientId, { state: 'pending' });
        const failures = this.#failures.get(conversationId) ?? 0;
        this.#failures.set(conversationId, failures + 1);
        const timer = clock.setTimeout(
          () => {
            this.#waiting.delete(conversationId);
            this.#next(conversationId);
          },
          waitFor(error, failures, random),
        );
        this.#waiting.set(conversationId, { timer, held: code === 'rate_limited' });
        return;
      }
      this.#failures.delete(conversationId);
      this.#refused(clientId, code);
    }
    this.#next(conversationId);
  }

  #refused(clientId: string, error: ErrorCode) {
    this.#change(clientId, { state: 'failed', error });
    void this.shared.outbox.item(clientId);
  }

  /** The answer and the push bring the same message: whichever comes first shows it, by `rev`. */
  #stored(message: Message) {
    const { store, push } = this.context;
    const { conversationId, clientId } = message;
    store.batch(() => {
      this.#change(clientId, { storedRev: message.rev });
      push({ conversationId, messages: [message] });
      if (hasNothingToWaitFor(store.model, message)) {
        const rev = store.model.timelines.get(conversationId)?.rev ?? Number.POSITIVE_INFINITY;
        store.set({ ...store.model, outbox: settle(store.model, conversationId, [], rev) });
      }
    });
  }
}

const hasNothingToWaitFor = (model: Model, { conversationId }: Message) => {
  const timeline = model.timelines.get(conversationId);
  return !timeline || isLoaded(timeline);
};
