import type { InboxEntry, Message } from '@lockstep/protocol';
import { type Command, ids, makeCommand } from '../../../src/pending/command.ts';
import { draftOf, type LocalDraft } from '../../../src/pending/local-draft.ts';
import type { LocalStore, StoreWrite } from '../../../src/store/port.ts';
import { entry, message } from '../../fixtures.ts';

/** One account's place on one device. */
export interface StoreFixture {
  /** One more tab that opens it. */
  open(options?: { maxMessages?: number }): LocalStore;
  /** Lets this write die in the middle of its transaction, as when the process is killed. */
  crash(store: LocalStore, epoch: number, batch: StoreWrite): Promise<void>;
}

/** Makes an empty one. */
export type MakeStore = () => Promise<StoreFixture>;

/** A store of a new place, that may write the mirror. */
export const leadingOf = (makeStore: MakeStore) => async (options?: { maxMessages?: number }) => {
  const fixture = await makeStore();
  const store = fixture.open(options);
  await store.load();
  const { epoch } = await store.takeOver();
  return { fixture, store, epoch, write: (batch: StoreWrite) => store.write(epoch, batch) };
};

export const sendRow = (clientId: string, order: number): Command =>
  makeCommand('send', clientId, 'messages c', { conversationId: 'c', body: `body of ${clientId}` }, order);

export const draftRow = (conversationId: string, text: string, change: Partial<LocalDraft> = {}): Command => {
  const id = ids.draft(conversationId);
  const args = { conversationId, text, version: 1, pending: true, conflict: false, changedAt: 1, ...change };
  return makeCommand('draft', id, id, draftOf(args), 1);
};

/** Puts rows, whatever stood there. */
export const put = (store: LocalStore, ...rows: Command[]) =>
  store.commands.change(
    rows.map(({ id }) => id),
    () => rows,
  );

export const remove = (store: LocalStore, id: string) => store.commands.change([id], () => [null]);

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
