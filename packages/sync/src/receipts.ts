import { type Message, type ReceiptEvent, sharesReceipts } from '@lockstep/protocol';
import type { Context } from './context.ts';
import { withKey } from './maps.ts';
import type { Model } from './model.ts';
import { codeOf, isTransient, waitFor } from './retry.ts';

/** How far the others have read, in the small conversations that were opened. */
export class Receipts {
  readonly #fetching = new Set<string>();

  constructor(readonly context: Context) {}

  /** Fetched completely by a call; pushes only increase known positions. */
  async fetch(conversationId: string): Promise<void> {
    const { store, transport, failed, clock, random, running } = this.context;
    if (!isSmall(store.model, conversationId) || this.#fetching.has(conversationId)) return;
    this.#fetching.add(conversationId);
    try {
      const found = await transport.receipts(conversationId);
      if (store.model.timelines.has(conversationId))
        store.set(
          withReadPositions(store.model, conversationId, new Map(found.map((r) => [r.userId, r.readSeq]))),
        );
    } catch (error) {
      failed(error);
      const again = () =>
        running() && store.model.timelines.has(conversationId) && this.fetch(conversationId);
      if (isTransient(codeOf(error))) clock.setTimeout(again, waitFor(error, 3, random));
    } finally {
      this.#fetching.delete(conversationId);
    }
  }

  onReceipt({ conversationId, userId, readSeq }: ReceiptEvent): void {
    const { store } = this.context;
    if (store.model.receipts.has(conversationId))
      store.set(withReadPositions(store.model, conversationId, new Map([[userId, readSeq]])));
  }
}

const isSmall = (model: Model, conversationId: string): boolean => {
  const conversation = model.entries.get(conversationId)?.conversation;
  return !!conversation && sharesReceipts(conversation);
};

/** A read position only grows (rule 7). */
const withReadPositions = (
  model: Model,
  conversationId: string,
  news: ReadonlyMap<string, number>,
): Model => {
  const held = model.receipts.get(conversationId);
  const next = new Map(held);
  for (const [userId, readSeq] of news)
    if (userId !== model.me.userId) next.set(userId, Math.max(readSeq, next.get(userId) ?? 0));
  const same = held && next.size === held.size && [...next].every(([key, value]) => held.get(key) === value);
  return same ? model : { ...model, receipts: withKey(model.receipts, conversationId, next) };
};

/** Senders have read everything before their message; no receipt is pushed for that. */
export const sendersHaveRead = (
  model: Model,
  conversationId: string,
  messages: readonly Message[],
): Model => {
  if (!model.receipts.has(conversationId)) return model;
  const newest = new Map<string, number>();
  for (const { senderId, seq, system } of messages)
    if (!system) newest.set(senderId, Math.max(seq, newest.get(senderId) ?? 0));
  return withReadPositions(model, conversationId, newest);
};
