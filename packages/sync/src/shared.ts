import type { Message } from '@lockstep/protocol';
import type { Context } from './context.ts';
import { combined, draftOf, type LocalDraft, onTop } from './draft.ts';
import { mergeEntry } from './entries.ts';
import { type Model, shown, withKey, withoutKey } from './model.ts';
import { OutboxTable } from './outbox-table.ts';
import type { PersonalChange } from './ports.ts';
import type { LocalStore, PersonalRecord, ReadingRecord, SavedState } from './store/port.ts';
import type { TabMessage, Tabs } from './tabs/port.ts';

/** Between two writes of one draft to the disk, in ms. */
const DRAFT_MS = 200;

/**
 * What this person did and the server does not have yet, in the shared tables of the local store and in the models of
 * all tabs: each change goes to the table, and then to the others. With a store in memory it stays with this tab.
 */
export class Shared {
  readonly #draftsDue = new Set<string>();
  /** Writes on their way, by record. */
  readonly #due = new Map<string, number>();
  #removed: Model['removed'] = new Map();
  #drafts: Model['drafts'] = new Map();
  #last: Promise<unknown> = Promise.resolve();
  readonly outbox: OutboxTable;

  constructor(
    readonly context: Context,
    readonly local: LocalStore,
    readonly tabs: Tabs,
  ) {
    this.outbox = new OutboxTable(context, local, (message) => this.#post(message));
    context.store.subscribe(() => {
      this.#dropLeft();
      this.#saveDrafts();
    });
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
    await this.outbox.idle();
  }

  /** What was pending for a conversation goes with it. */
  #dropLeft() {
    const { removed, entries } = this.#model;
    if (removed === this.#removed) return;
    for (const [id, pos] of removed)
      if (pos !== this.#removed.get(id) && !entries.has(id)) {
        this.reading(id, () => null);
        this.personal(id, () => ({}));
      }
    this.#removed = removed;
  }

  /** The server's text came in: what it settled leaves the table, and what it was put together with is stored. */
  #saveDrafts() {
    const { drafts } = this.#model;
    const before = this.#drafts;
    if (drafts === before) return;
    this.#drafts = drafts;
    for (const [id, draft] of drafts) {
      const held = before.get(id);
      if (draft !== held && (draft.pending ? this.context.sends() : held?.pending)) this.draft(id);
    }
  }

  /**
   * A little later where its person writes, so that not every key is a transaction. A text that was cleared is written
   * at once: after a reload it would stand there again.
   */
  draft(conversationId: string, ms = DRAFT_MS): void {
    if (ms > 0 && this.#model.drafts.get(conversationId)?.text === '') {
      this.#saveDraft(conversationId);
      return;
    }
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
    if (!draft) return;
    this.#chain(`draft ${id}`, async () => {
      let record = draft;
      await this.local.drafts.update(id, (held) => {
        record = onTop(held, draft);
        return record;
      });
      this.#post({ type: 'draft', conversationId: id, record });
      // Another tab may have written in between, and be gone.
      this.context.store.set(withDrafts(this.#model, [record]));
      return undefined;
    });
  }

  personal(conversationId: string, change: (held: PersonalChange) => PersonalChange): void {
    this.#chain(`personal ${conversationId}`, async () => {
      const record = await this.local.personal.update(conversationId, (held) => {
        const next = change(held?.change ?? {});
        if (Object.keys(next).length === 0) return null;
        return { conversationId, change: next, changedAt: this.context.clock.now() };
      });
      this.#post({ type: 'personal', conversationId, record });
      // Another tab may have changed it in between: what is stored is what counts.
      return () => this.context.store.set(withPersonal(this.#model, conversationId, record));
    });
  }

  reading(conversationId: string, change: (held: number | null) => number | null): void {
    this.#chain(`reading ${conversationId}`, async () => {
      const record = await this.local.reading.update(conversationId, (held) => {
        const seq = change(held?.seq ?? null);
        return seq === null ? null : seq === held?.seq ? held : { conversationId, seq };
      });
      this.#post({ type: 'reading', conversationId, record });
      return undefined;
    });
  }

  /** The answer to a write of the leader: the others show it before what was pending goes. */
  answered(entry: Parameters<typeof mergeEntry>[1]): void {
    this.#post({ type: 'entry', entry });
  }

  stored(message: Message): void {
    this.#post({ type: 'sent', message });
  }

  /** One by one. What a write resolves with is run unless another of the same record follows. */
  #chain(key: string, write: () => Promise<(() => void) | undefined>) {
    this.#due.set(key, (this.#due.get(key) ?? 0) + 1);
    const run = async () => {
      let after: (() => void) | undefined;
      try {
        after = await write();
      } finally {
        const left = (this.#due.get(key) ?? 1) - 1;
        if (left > 0) this.#due.set(key, left);
        else this.#due.delete(key);
      }
      if (!this.#due.has(key)) after?.();
    };
    this.#last = this.#last.then(run).catch(this.context.failed);
  }

  #post(message: TabMessage) {
    if (this.#shares) this.tabs.post(message);
  }

  #hear(message: TabMessage) {
    if (!this.#shares) return;
    const { store, pending } = this.context;
    if (message.type === 'outbox') {
      this.outbox.read().then(pending, this.context.failed);
      return;
    }
    if (message.type === 'draft') store.set(withDrafts(this.#model, [message.record]));
    else if (message.type === 'personal')
      store.set(withPersonal(this.#model, message.conversationId, message.record));
    else if (message.type === 'reading')
      store.set(withReading(this.#model, message.conversationId, message.record));
    else if (message.type === 'entry')
      this.context.take(message.entry.conversation.id, mergeEntry(this.#model, message.entry));
    else return;
    pending();
  }

  /** All tables: what tabs tell each other may get lost, with the tab that told it. */
  async reread(): Promise<void> {
    if (!this.#shares) return;
    await this.outbox.read();
    const { drafts, personal, reading } = this.local;
    const [texts, changes, positions] = await Promise.all([drafts.all(), personal.all(), reading.all()]);
    this.take({ drafts: texts, personal: changes, reading: positions });
  }

  /** As after a start, or when this tab begins to lead. */
  take(saved: Pick<SavedState, 'drafts' | 'personal' | 'reading'> & Partial<SavedState>): void {
    const { store } = this.context;
    const personal = new Map(saved.personal.map((record) => [record.conversationId, record]));
    const reading = new Map(saved.reading.map((record) => [record.conversationId, record]));
    store.batch(() => {
      if (saved.outbox) this.outbox.take(saved.outbox);
      store.set(withDrafts(this.#model, saved.drafts));
      for (const id of new Set([...this.#model.personal.keys(), ...personal.keys()]))
        if (!this.#due.has(`personal ${id}`))
          store.set(withPersonal(this.#model, id, personal.get(id) ?? null));
      for (const id of new Set([...this.#model.reading.keys(), ...reading.keys()]))
        if (!this.#due.has(`reading ${id}`)) store.set(withReading(this.#model, id, reading.get(id) ?? null));
    });
    for (const { conversationId } of saved.drafts)
      if (!this.#model.drafts.get(conversationId)?.pending) this.draft(conversationId);
    this.context.pending();
  }
}

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
