import type { InboxEntry, Message } from '@lockstep/protocol';
import type { DraftRecord, LocalStore, OutboxRecord, StoreWrite } from '../../../src/store/port.ts';
import { entry, message } from '../../fixtures.ts';

/** One account's place on one device. */
export interface Place {
  /** One more tab that opens it. */
  open(options?: { maxMessages?: number }): LocalStore;
  /** Lets this write die in the middle of its transaction, as when the process is killed. */
  crash(store: LocalStore, epoch: number, batch: StoreWrite): Promise<void>;
}

/** Makes an empty one. */
export type MakePlace = () => Promise<Place>;

/** A store of a new place, that may write the mirror. */
export const leadingOf = (makePlace: MakePlace) => async (options?: { maxMessages?: number }) => {
  const place = await makePlace();
  const store = place.open(options);
  await store.load();
  const { epoch } = await store.takeOver();
  return { place, store, epoch, write: (batch: StoreWrite) => store.write(epoch, batch) };
};

export const outboxRecord = (clientId: string, order: number, change: Partial<OutboxRecord> = {}) => ({
  ...{ clientId, conversationId: 'c', body: `body of ${clientId}`, createdAt: order, order },
  ...{ state: 'pending' as const, error: null, storedRev: null },
  ...change,
});

export const draftRecord = (conversationId: string, text: string, change: Partial<DraftRecord> = {}) => ({
  ...{ conversationId, text, version: 1, pending: true, conflict: false, changedAt: 1 },
  ...change,
});

export const entryOf = (id: string, pos: number, headRev = pos): InboxEntry => {
  const made = entry(headRev, { pos });
  return { ...made, conversation: { ...made.conversation, id }, last: null };
};

export const run = (from: number, to: number, rev?: number, conversationId = 'c'): Message[] =>
  Array.from({ length: to - from + 1 }, (_, i) => message(from + i, rev ?? from + i, { conversationId }));

export const page = (
  from: number,
  to: number,
  rev: number,
  conversationId = 'c',
  readAt = 0,
): StoreWrite => ({
  held: [{ conversationId, since: rev, rev, ranges: [[from, to]], readAt }],
  messages: run(from, to, undefined, conversationId),
});

export const seqs = (messages: readonly Message[]) => messages.map((m) => m.seq);
