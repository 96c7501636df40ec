import type { Message } from '@lockstep/protocol';
import type { Context } from './context.ts';
import { combined, draftOf, type LocalDraft } from './draft.ts';
import { mergeEntry } from './entries.ts';
import { type Model, type SentItem, shown, withKey, withoutKey } from './model.ts';
import type { PersonalChange } from './ports.ts';
import {
  inOrder,
  type LocalStore,
  type OutboxRecord,
  type PersonalRecord,
  type ReadingRecord,
  type SavedState,
} from './store/port.ts';
import type { TabMessage, Tabs } from './tabs/port.ts';

/** Between two writes of one draft to the disk, in ms. */
const DRAFT_MS = 200;

/**
 * What this person did and the server does not have yet, in the shared tables of the local store and in the models of
 * all tabs: each change goes to the table, and then to the others. With a store in memory it stays with this tab.
 */
export class Shared {
  /** Client ids whose record is being written: the table does not say yet what it will. */
  readonly #writing = new Map<string, Promise<void>>();
  readonly #draftsDue = new Set<string>();
  /** Writes on their way, by conversation. */
  readonly #personalDue = new Map<string, number>();
  #known: readonly SentItem[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly context: Context,
    readonly local: LocalStore,
    readonly tabs: Tabs,
  ) {
    context.store.subscribe(() => this.#dropSettled());
    tabs.listen((message) => this.#hear(message));
  }

  get #model(): Model {
    return this.context.store.model;
  }

  get #shares(): boolean {
    return this.local.kind === 'disk';
  }

  /** Resolves once what was changed up to now is in the tables. */
  async idle(): Promise<void> {
    for (const id of [...this.#draftsDue]) this.#saveDraft(id);
    await this.#last;
    await Promise.all(this.#writing.values());
  }

  isSaved(clientId: string): boolean {
    return !this.#writing.has(clientId);
  }

  /** A new message and the draft that it was: in one transaction. */
  send(item: SentItem, draft: LocalDraft | null): Promise<void> {
    return this.#write(item.clientId, async () => {
      await this.local.send(recordOf(item), draft?.pending ? draft : null);
      if (draft) this.#post({ type: 'draft', conversationId: draft.conversationId, record: draft });
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
      this.#post({ type: 'outbox' });
    });
  }

  /** What left the outbox by being seen has to leave the table as well. */
  #dropSettled() {
    const { outbox } = this.#model;
    if (outbox === this.#known) return;
    const left = new Set(outbox.map((item) => item.clientId));
    const gone = this.#known.filter((item) => !left.has(item.clientId));
    this.#known = outbox;
    for (const item of gone) void this.item(item.clientId);
  }

  /** A little later where its person writes, so that not every key is a transaction. */
  draft(conversationId: string, ms = DRAFT_MS): void {
    if (this.#draftsDue.has(conversationId)) return;
    this.#draftsDue.add(conversationId);
    this.context.clock.setTimeout(() => {
      if (this.#draftsDue.has(conversationId)) this.#saveDraft(conversationId);
    }, ms);
  }

  /** Before a write of it goes out: the other tabs must know their own text when it comes back. */
  async draftGoing(conversationId: string): Promise<void> {
    this.#saveDraft(conversationId);
    await this.#last;
  }

  #saveDraft(id: string) {
    this.#draftsDue.delete(id);
    const draft = this.#model.drafts.get(id);
    this.#chain(async () => {
      await this.local.drafts.update(id, (held) => {
        const next = draft && held ? combined(draftOf(held), draft) : draft;
        return next?.pending ? next : null;
      });
      if (draft) this.#post({ type: 'draft', conversationId: id, record: draft });
    });
  }

  personal(conversationId: string, change: (held: PersonalChange) => PersonalChange): void {
    this.#personalDue.set(conversationId, (this.#personalDue.get(conversationId) ?? 0) + 1);
    this.#chain(async () => {
      const record = await this.local.personal.update(conversationId, (held) => {
        const next = change(held?.change ?? {});
        if (Object.keys(next).length === 0) return null;
        return { conversationId, change: next, changedAt: this.context.clock.now() };
      });
      const due = (this.#personalDue.get(conversationId) ?? 1) - 1;
      this.#personalDue.set(conversationId, due);
      // Another tab may have changed it in between: what is stored is what counts.
      if (due === 0) this.context.store.set(withPersonal(this.#model, conversationId, record));
      this.#post({ type: 'personal', conversationId, record });
    });
  }

  reading(conversationId: string, change: (held: number | null) => number | null): void {
    this.#chain(async () => {
      const record = await this.local.reading.update(conversationId, (held) => {
        const seq = change(held?.seq ?? null);
        return seq === null ? null : seq === held?.seq ? held : { conversationId, seq };
      });
      this.#post({ type: 'reading', conversationId, record });
    });
  }

  /** The answer to a write of the leader: the others show it before what was pending goes. */
  answered(entry: Parameters<typeof mergeEntry>[1]): void {
    this.#post({ type: 'entry', entry });
  }

  stored(message: Message): void {
    this.#post({ type: 'sent', message });
  }

  #chain(write: () => Promise<void>) {
    this.#last = this.#last.then(write).catch(this.context.failed);
  }

  #post(message: TabMessage) {
    if (this.#shares) this.tabs.post(message);
  }

  #hear(message: TabMessage) {
    if (!this.#shares) return;
    const { store, pending } = this.context;
    if (message.type === 'outbox') void this.readOutbox();
    else if (message.type === 'draft') store.set(withDrafts(this.#model, [message.record]));
    else if (message.type === 'personal')
      store.set(withPersonal(this.#model, message.conversationId, message.record));
    else if (message.type === 'reading')
      store.set(withReading(this.#model, message.conversationId, message.record));
    else if (message.type === 'entry')
      this.context.take(message.entry.conversation.id, mergeEntry(this.#model, message.entry));
    else return;
    pending();
  }

  /** Messages of the other tabs, and how those of this one stand. */
  async readOutbox(): Promise<void> {
    if (!this.#shares) return;
    const records = await this.local.outbox.all();
    this.context.store.set(this.#withOutbox(this.#model, records));
    this.context.pending();
  }

  /** All tables, as after a start or when this tab begins to lead. */
  take(saved: SavedState): void {
    const { store } = this.context;
    store.batch(() => {
      store.set(this.#withOutbox(this.#model, saved.outbox));
      store.set(withDrafts(this.#model, saved.drafts));
      for (const record of saved.personal)
        store.set(withPersonal(this.#model, record.conversationId, record));
      for (const record of saved.reading) store.set(withReading(this.#model, record.conversationId, record));
    });
    this.context.pending();
  }

  #withOutbox(model: Model, records: readonly OutboxRecord[]): Model {
    const table = new Map(records.map((record) => [record.clientId, record]));
    const mine = (item: SentItem) => this.#writing.has(item.clientId) || item.state === 'sending';
    const kept = model.outbox.filter(
      (item) => mine(item) || item.storedRev !== null || table.has(item.clientId),
    );
    const held = new Set(kept.map((item) => item.clientId));
    const updated = kept.map((item) => {
      const record = table.get(item.clientId);
      return record && !mine(item) && item.storedRev === null ? { ...item, ...fateOf(record) } : item;
    });
    const added = records
      .filter(({ clientId }) => !held.has(clientId) && !this.#writing.has(clientId))
      .map((record) => ({ ...record, ...fateOf(record), storedRev: null }));
    const shownAlready = added.filter((item) => isShown(model, item));
    for (const item of shownAlready) void this.item(item.clientId);
    const outbox = [...updated, ...added.filter((item) => !shownAlready.includes(item))].sort(inOrder);
    const same =
      outbox.length === model.outbox.length && outbox.every((item, i) => isSame(item, model.outbox[i]));
    if (same) return model;
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

const withDrafts = (model: Model, records: readonly (LocalDraft | SavedState['drafts'][number])[]): Model => {
  let next = model;
  for (const record of records) {
    const id = record.conversationId;
    const held = next.drafts.get(id);
    const draft = held ? combined(held, draftOf(record)) : draftOf(record);
    if (draft !== held) next = shown({ ...next, drafts: withKey(next.drafts, id, draft) }, id);
  }
  return next;
};

const withPersonal = (model: Model, id: string, record: PersonalRecord | null): Model => {
  const personal = record ? withKey(model.personal, id, record.change) : withoutKey(model.personal, id);
  return shown({ ...model, personal }, id);
};

/** Gone only once the entry has it: this tab may have read on meanwhile (rule 7). */
const withReading = (model: Model, id: string, record: ReadingRecord | null): Model => {
  const held = model.reading.get(id) ?? 0;
  if (!record && held > (model.entries.get(id)?.readSeq ?? 0)) return model;
  const reading = record
    ? withKey(model.reading, id, Math.max(record.seq, held))
    : withoutKey(model.reading, id);
  return shown({ ...model, reading }, id);
};
