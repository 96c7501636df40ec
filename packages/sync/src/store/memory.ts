import type { InboxEntry, Message, Person } from '@lockstep/protocol';
import { evict, MAX_MESSAGES } from './eviction.ts';
import {
  type Change,
  type DegradedReason,
  type DraftRecord,
  type Held,
  type HeldMessages,
  inOrder,
  isSpent,
  type LocalStore,
  type OutboxRecord,
  type PersonalRecord,
  type ReadingRecord,
  type SavedState,
  type SharedTable,
  StaleWriter,
  type StoreWrite,
} from './port.ts';
import { claim, includes } from './ranges.ts';

/** What several memory stores share, as tabs share a disk; it outlives them. Read it in tests, write it nowhere. */
export class MemoryDisk {
  epoch = 0;
  /** Raised by a wipe: stores that were made before it write nothing any more. */
  generation = 0;
  pos = 0;
  peopleRev: number | null = null;
  readonly entries = new Map<string, InboxEntry>();
  readonly people = new Map<string, Person>();
  readonly held = new Map<string, Held>();
  readonly messages = new Map<string, Map<number, Message>>();
  readonly outbox = new Map<string, OutboxRecord>();
  readonly drafts = new Map<string, DraftRecord>();
  readonly personal = new Map<string, PersonalRecord>();
  readonly reading = new Map<string, ReadingRecord>();

  clear(): void {
    this.pos = 0;
    this.peopleRev = null;
    const { entries, people, held, messages, outbox, drafts, personal, reading } = this;
    for (const table of [entries, people, held, messages, outbox, drafts, personal, reading]) table.clear();
  }
}

export interface MemoryStoreOptions {
  userId: string;
  /** A disk of its own when left out. */
  disk?: MemoryDisk;
  maxMessages?: number;
  /** Awaited before each transaction: a simulation lets it last, or never end (the tab has crashed). */
  pause?: () => Promise<void>;
  kind?: 'disk' | 'memory';
}

/** Older than what is stored: by its place in the inbox, and at the same place by its head. */
export const isOlder = (entry: InboxEntry, held: InboxEntry | undefined): boolean =>
  held !== undefined &&
  (entry.pos < held.pos ||
    (entry.pos === held.pos && entry.conversation.headRev < held.conversation.headRev));

/** Lives as long as its disk object. What stands in when there is no IndexedDB; the model that tests compare with. */
export class MemoryStore implements LocalStore {
  readonly disk: MemoryDisk;
  readonly kind: 'disk' | 'memory';
  readonly outbox: SharedTable<OutboxRecord>;
  readonly drafts: SharedTable<DraftRecord>;
  readonly personal: SharedTable<PersonalRecord>;
  readonly reading: SharedTable<ReadingRecord>;
  readonly #generation: number;
  #closed = false;

  constructor(readonly options: MemoryStoreOptions) {
    this.disk = options.disk ?? new MemoryDisk();
    this.#generation = this.disk.generation;
    this.kind = options.kind ?? 'memory';
    this.outbox = this.#table(this.disk.outbox, (record) => record.clientId, inOrder);
    const { drafts, entries } = this.disk;
    const isKept = (draft: DraftRecord) => !isSpent(draft, entries.get(draft.conversationId));
    this.drafts = this.#table(drafts, (record) => record.conversationId, undefined, isKept);
    this.personal = this.#table(this.disk.personal, (record) => record.conversationId);
    this.reading = this.#table(this.disk.reading, (record) => record.conversationId);
  }

  onDegraded(_listener: (reason: DegradedReason) => void): () => void {
    return () => {};
  }

  async load(): Promise<SavedState> {
    await this.options.pause?.();
    const { pos, peopleRev, entries, people, held, outbox, drafts, personal, reading } = this.disk;
    return {
      userId: this.options.userId,
      pos,
      entries: [...entries.values()],
      people: [...people.values()],
      peopleRev,
      held: [...held.values()],
      outbox: [...outbox.values()].sort(inOrder),
      drafts: [...drafts.values()],
      personal: [...personal.values()],
      reading: [...reading.values()],
    };
  }

  async takeOver(): Promise<{ epoch: number; pos: number }> {
    await this.options.pause?.();
    if (!this.#over) this.disk.epoch++;
    return { epoch: this.disk.epoch, pos: this.disk.pos };
  }

  async write(epoch: number, batch: StoreWrite): Promise<void> {
    await this.options.pause?.();
    if (epoch !== this.disk.epoch) throw new StaleWriter();
    if (this.#over) return;
    this.#writeInbox(batch);
    this.#writeMessages(batch);
    for (const clientId of batch.sent ?? []) this.disk.outbox.delete(clientId);
  }

  async messages(conversationId: string, from: number, to: number): Promise<HeldMessages> {
    await this.options.pause?.();
    const held = this.disk.held.get(conversationId);
    const stored = this.disk.messages.get(conversationId);
    const messages: Message[] = [];
    for (const [start, end] of held?.ranges ?? [])
      for (let seq = Math.max(from, start); seq <= Math.min(to, end); seq++) {
        const message = stored?.get(seq);
        if (message) messages.push(message);
      }
    return { rev: held?.rev ?? 0, ranges: held?.ranges ?? [], messages };
  }

  async send(item: OutboxRecord, draft: Change<DraftRecord>): Promise<void> {
    await this.drafts.update(item.conversationId, (held) => {
      if (!this.#over) this.disk.outbox.set(item.clientId, item);
      return draft(held);
    });
  }

  async wipe(): Promise<void> {
    await this.options.pause?.();
    this.disk.epoch++;
    this.disk.generation++;
    this.disk.clear();
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  get #over() {
    return this.#closed || this.disk.generation !== this.#generation;
  }

  #writeInbox({ resetInbox, removed, entries, pos, people, peopleRev }: StoreWrite) {
    const { disk } = this;
    if (resetInbox) {
      disk.entries.clear();
      disk.pos = 0;
    }
    for (const id of removed ?? []) {
      disk.entries.delete(id);
      this.#drop(id);
    }
    for (const entry of entries ?? []) {
      const { id } = entry.conversation;
      if (!isOlder(entry, disk.entries.get(id))) disk.entries.set(id, entry);
    }
    for (const [id, draft] of disk.drafts) if (isSpent(draft, disk.entries.get(id))) disk.drafts.delete(id);
    disk.pos = Math.max(disk.pos, pos ?? 0);
    for (const person of people ?? []) disk.people.set(person.id, person);
    if (peopleRev !== undefined) disk.peopleRev = peopleRev;
  }

  #writeMessages({ droppedMessages, held, messages }: StoreWrite) {
    const { disk } = this;
    for (const id of droppedMessages ?? []) this.#drop(id);
    for (const write of held ?? []) {
      const id = write.conversationId;
      const seqs = (messages ?? []).filter((m) => m.conversationId === id).map((m) => m.seq);
      const result = claim(disk.held.get(id) ?? null, write, seqs);
      if (result.drop) this.#drop(id);
      disk.held.set(id, result.held);
    }
    for (const message of messages ?? []) {
      const id = message.conversationId;
      if (!includes(disk.held.get(id)?.ranges ?? [], message.seq)) continue;
      const stored = disk.messages.get(id) ?? new Map<number, Message>();
      disk.messages.set(id, stored);
      if ((stored.get(message.seq)?.rev ?? 0) <= message.rev) stored.set(message.seq, message);
    }
    if (held?.length) this.#makeRoom();
  }

  #drop(conversationId: string) {
    this.disk.held.delete(conversationId);
    this.disk.messages.delete(conversationId);
  }

  #makeRoom() {
    for (const { held, ranges } of evict([...this.disk.held.values()], this.#max)) {
      const id = held.conversationId;
      if (ranges.length === 0) {
        this.#drop(id);
        continue;
      }
      this.disk.held.set(id, { ...held, ranges });
      const stored = this.disk.messages.get(id);
      for (const seq of stored?.keys() ?? []) if (!includes(ranges, seq)) stored?.delete(seq);
    }
  }

  get #max() {
    return this.options.maxMessages ?? MAX_MESSAGES;
  }

  #table<R>(
    records: Map<string, R>,
    keyOf: (record: R) => string,
    order?: (a: R, b: R) => number,
    isKept: (record: R) => boolean = () => true,
  ): SharedTable<R> {
    const transaction = async <T>(run: () => T): Promise<T> => {
      await this.options.pause?.();
      return run();
    };
    const set = (record: R) => {
      if (!this.#over) records.set(keyOf(record), record);
    };
    const remove = (key: string) => {
      if (!this.#over) records.delete(key);
    };
    return {
      all: () => transaction(() => (order ? [...records.values()].sort(order) : [...records.values()])),
      get: (key) => transaction(() => records.get(key) ?? null),
      put: (record) => transaction(() => set(record)),
      delete: (key) => transaction(() => remove(key)),
      update: (key, change) =>
        transaction(() => {
          const held = records.get(key) ?? null;
          const wanted = change(held);
          const next = wanted && isKept(wanted) ? wanted : null;
          if (next === null) remove(key);
          else if (next !== held) set(next);
          return next;
        }),
    };
  }
}
