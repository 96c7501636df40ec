import type { Message } from '@lockstep/protocol';
import type { Context } from './context.ts';
import { type LocalDraft, onTop } from './draft.ts';
import { isLoaded, type Model, type SentItem } from './model.ts';
import { inOrder, type LocalStore, type OutboxRecord } from './store/port.ts';
import type { TabMessage } from './tabs/port.ts';

/** What took longer to read, in ms, is read again: a page that slept meanwhile holds an answer of before. */
const STALE_MS = 3_000;

/**
 * The outbox on disk, and in the models of all tabs. A record leaves it only when the server has the message or its person
 * drops it; what a tab forgets for any other reason stays there to be sent.
 */
export class OutboxTable {
  /** Client ids whose record is being written: the table does not say yet what it will. */
  readonly #writing = new Map<string, Promise<void>>();
  /** Client ids that left the table, and whose messages are being looked for. */
  readonly #seeking = new Set<string>();
  /** Client ids in the outbox whose messages the server is known to have. */
  readonly #stored = new Set<string>();
  #known: readonly SentItem[] = [];
  #reading: Promise<void> | null = null;
  #again = false;

  constructor(
    readonly context: Context,
    readonly local: LocalStore,
    readonly post: (message: TabMessage) => void,
  ) {
    context.store.subscribe(() => this.#dropSettled());
  }

  get #model(): Model {
    return this.context.store.model;
  }

  async idle(): Promise<void> {
    await Promise.all(this.#writing.values());
  }

  isSaved(clientId: string): boolean {
    return !this.#writing.has(clientId);
  }

  /** A new message and the draft that it was: in one transaction. */
  send(item: SentItem, draft: LocalDraft | null): Promise<void> {
    return this.#write(item.clientId, async () => {
      // Without a draft known here the table may have one all the same: not read yet, or just written by another tab.
      if (draft) await this.local.send(recordOf(item), (held) => onTop(held, draft));
      else await this.local.outbox.put(recordOf(item));
      if (draft) this.post({ type: 'draft', conversationId: draft.conversationId, record: draft });
    });
  }

  /** An item has changed, or is gone. */
  item(clientId: string): Promise<void> {
    return this.#write(clientId, () => {
      const item = this.#model.outbox.find((held) => held.clientId === clientId);
      return item ? this.local.outbox.put(recordOf(item)) : this.local.outbox.delete(clientId);
    });
  }

  #write(clientId: string, write: () => Promise<void>): Promise<void> {
    const before = this.#writing.get(clientId) ?? Promise.resolve();
    const done = before.then(write).catch(this.context.failed);
    this.#writing.set(clientId, done);
    return done.then(() => {
      if (this.#writing.get(clientId) === done) this.#writing.delete(clientId);
      this.post({ type: 'outbox' });
    });
  }

  /** The server has these messages: where they are ours, nothing is left to be sent. */
  seen(messages: readonly Message[]): void {
    const { me, outbox } = this.#model;
    if (outbox.length === 0) return;
    const mine = new Set(messages.filter((m) => m.senderId === me.userId).map((m) => m.clientId));
    for (const { clientId } of outbox) if (mine.has(clientId)) this.#stored.add(clientId);
  }

  #dropSettled() {
    const { outbox } = this.#model;
    if (outbox === this.#known) return;
    const left = new Set(outbox.map((item) => item.clientId));
    const gone = this.#known.filter((item) => !left.has(item.clientId));
    this.#known = outbox;
    for (const item of gone)
      if (this.#stored.delete(item.clientId) || item.storedRev !== null || isShown(this.#model, item))
        void this.item(item.clientId);
  }

  /** Messages of the other tabs, and how those of this one stand. Single flight: an older answer never wins. */
  read(): Promise<void> {
    if (this.#reading) this.#again = true;
    else
      this.#reading = this.#readAll().finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }

  async #readAll() {
    do {
      this.#again = false;
      const began = this.context.clock.now();
      const records = await this.local.outbox.all();
      this.#again ||= this.context.clock.now() - began > STALE_MS;
      if (!this.#again) this.take(records);
    } while (this.#again);
  }

  take(records: readonly OutboxRecord[]): void {
    this.context.store.set(this.#withRecords(this.#model, records));
  }

  /** This tab knows more of it than the table. */
  #isMine = ({ clientId, state }: SentItem) => this.#writing.has(clientId) || state === 'sending';

  /** Gone from the table, because another tab has had it stored or dropped it: the window may not show it yet. */
  #isUnseen(model: Model, { conversationId, clientId }: SentItem): boolean {
    const timeline = model.timelines.get(conversationId);
    if (!timeline || !isLoaded(timeline) || timeline.hasAfter) return false;
    if (this.#seeking.has(clientId)) return true;
    this.#seeking.add(clientId);
    void this.#seek(conversationId, clientId);
    return true;
  }

  /** Brings the window up to date: the message is there then, or nowhere. */
  async #seek(conversationId: string, clientId: string) {
    const pulled = await this.context.pull(conversationId);
    const record = await this.local.outbox.get(clientId).catch(() => null);
    this.#seeking.delete(clientId);
    const { store } = this.context;
    const left = store.model.outbox.filter((held) => held.clientId !== clientId || this.#isMine(held));
    if (pulled && !record && left.length < store.model.outbox.length)
      store.set({ ...store.model, outbox: left });
  }

  #withRecords(model: Model, records: readonly OutboxRecord[]): Model {
    const table = new Map(records.map((record) => [record.clientId, record]));
    const kept = model.outbox.filter(
      (item) =>
        this.#isMine(item) ||
        item.storedRev !== null ||
        table.has(item.clientId) ||
        this.#isUnseen(model, item),
    );
    const held = new Set(kept.map((item) => item.clientId));
    const updated = kept.map((item) => {
      const record = table.get(item.clientId);
      return record && !this.#isMine(item) && item.storedRev === null ? { ...item, ...fateOf(record) } : item;
    });
    const added = records
      .filter(({ clientId }) => !held.has(clientId) && !this.#writing.has(clientId))
      .map((record) => ({ ...record, ...fateOf(record), storedRev: null }));
    const arrived = added.filter((item) => isShown(model, item));
    for (const item of arrived) void this.item(item.clientId);
    const outbox = [...updated, ...added.filter((item) => !arrived.includes(item))].sort(inOrder);
    if (outbox.length === model.outbox.length && outbox.every((item, i) => isSame(item, model.outbox[i])))
      return model;
    this.#known = outbox;
    return { ...model, outbox };
  }
}

/** How an item stands, for who does not send it. */
const fateOf = ({ state, error, order }: OutboxRecord) =>
  ({ state: state === 'failed' ? 'failed' : 'pending', error, order }) as const;

const recordOf = (item: SentItem): OutboxRecord => ({ ...item, ...fateOf(item) });

const isSame = (a: SentItem, b: SentItem | undefined) =>
  b?.clientId === a.clientId && b.state === a.state && b.error === a.error && b.order === a.order;

const isShown = (model: Model, item: SentItem) =>
  model.timelines
    .get(item.conversationId)
    ?.messages.some((m) => m.clientId === item.clientId && m.senderId === model.me.userId);
