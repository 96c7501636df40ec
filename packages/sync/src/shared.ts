import type { Message } from '@lockstep/protocol';
import type { Context } from './context.ts';
import { combined, draftOf, type LocalDraft } from './draft.ts';
import { mergeEntry } from './entries.ts';
import { isLoaded, type Model, type SentItem, shown, withKey, withoutKey } from './model.ts';
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
/** What took longer to read, in ms, is read again. */
const STALE_MS = 3_000;

/**
 * What this person did and the server does not have yet, in the shared tables of the local store and in the models of
 * all tabs: each change goes to the table, and then to the others. With a store in memory it stays with this tab.
 */
export class Shared {
  /** Client ids whose record is being written: the table does not say yet what it will. */
  readonly #writing = new Map<string, Promise<void>>();
  readonly #draftsDue = new Set<string>();
  /** Client ids that left the table, and whose messages are being looked for. */
  readonly #seeking = new Set<string>();
  /** Client ids in the outbox whose messages the server is known to have. */
  readonly #stored = new Set<string>();
  /** Writes on their way, by record. */
  readonly #due = new Map<string, number>();
  #known: readonly SentItem[] = [];
  #reading: Promise<void> | null = null;
  #readAgain = false;
  #removed: Model['removed'] = new Map();
  #drafts: Model['drafts'] = new Map();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly context: Context,
    readonly local: LocalStore,
    readonly tabs: Tabs,
  ) {
    context.store.subscribe(() => {
      this.#dropSettled();
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

  /** The server has these messages: where they are ours, nothing is left to be sent. */
  seen(messages: readonly Message[]): void {
    const { me, outbox } = this.#model;
    if (outbox.length === 0) return;
    const mine = new Set(messages.filter((m) => m.senderId === me.userId).map((m) => m.clientId));
    for (const { clientId } of outbox) if (mine.has(clientId)) this.#stored.add(clientId);
  }

  /** What left the outbox because it is stored leaves the table; what left it for any other reason does not. */
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
    this.#chain(`draft ${id}`, async () => {
      await this.local.drafts.update(id, (held) => {
        const next = draft && held ? combined(draftOf(held), draft) : draft;
        return next?.pending ? next : null;
      });
      if (draft) this.#post({ type: 'draft', conversationId: id, record: draft });
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
      const after = await write();
      const left = (this.#due.get(key) ?? 1) - 1;
      if (left > 0) this.#due.set(key, left);
      else this.#due.delete(key);
      if (left === 0 && after) after();
    };
    this.#last = this.#last.then(run).catch(this.context.failed);
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

  /** Messages of the other tabs, and how those of this one stand. Single flight, so that an older answer never wins. */
  async readOutbox(): Promise<void> {
    if (!this.#shares) return;
    if (this.#reading) {
      this.#readAgain = true;
      return this.#reading;
    }
    this.#reading = this.#readAll().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readAll() {
    do {
      this.#readAgain = false;
      const began = this.context.clock.now();
      const records = await this.local.outbox.all();
      // A page that slept meanwhile holds an answer of before.
      this.#readAgain ||= this.context.clock.now() - began > STALE_MS;
      if (!this.#readAgain) this.context.store.set(this.#withOutbox(this.#model, records));
    } while (this.#readAgain);
    this.context.pending();
  }

  /** All tables: what tabs tell each other may get lost, with the tab that told it. */
  async reread(): Promise<void> {
    if (!this.#shares) return;
    await this.readOutbox();
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
      if (saved.outbox) store.set(this.#withOutbox(this.#model, saved.outbox));
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

  /** This tab knows more of it than the table. */
  #isMine = ({ clientId, state }: SentItem) => this.#writing.has(clientId) || state === 'sending';

  /** Gone from the table, because another tab has had it stored or dropped it: the window may not show it yet. */
  #isUnseen(model: Model, item: SentItem): boolean {
    const { conversationId, clientId } = item;
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

  #withOutbox(model: Model, records: readonly OutboxRecord[]): Model {
    const table = new Map(records.map((record) => [record.clientId, record]));
    const mine = (item: SentItem) => this.#isMine(item);
    const kept = model.outbox.filter(
      (item) =>
        mine(item) || item.storedRev !== null || table.has(item.clientId) || this.#isUnseen(model, item),
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
