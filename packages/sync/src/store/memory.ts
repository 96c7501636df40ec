import type { InboxEntry, Message, Person, SavedSearch } from '@lockstep/protocol';
import { type Command, inOrder } from '../pending/command.ts';
import { isRedundant } from '../pending/local-draft.ts';
import { evict, MAX_MESSAGES } from './eviction.ts';
import {
  type CommandTable,
  type DegradedReason,
  type Held,
  type HeldMessages,
  type LocalStore,
  type SavedState,
  StaleWriter,
  type StoreWrite,
} from './port.ts';
import { claim, includes } from './ranges.ts';

/**
 * Shared by several memory stores as tabs share a disk; it outlives them. Tests may read it; only the stores write
 * it.
 */
export class MemoryDisk {
  epoch = 0;
  /** Incremented by a wipe: stores made before it no longer write. */
  generation = 0;
  /** Of the data of the server: see SavedState. */
  serverGeneration: string | null = null;
  pos = 0;
  peopleRev: number | null = null;
  readonly entries = new Map<string, InboxEntry>();
  readonly people = new Map<string, Person>();
  readonly held = new Map<string, Held>();
  readonly messages = new Map<string, Map<number, Message>>();
  readonly commands = new Map<string, Command>();
  searches: readonly SavedSearch[] = [];

  clear(): void {
    this.serverGeneration = null;
    this.pos = 0;
    this.peopleRev = null;
    this.searches = [];
    const { entries, people, held, messages, commands } = this;
    for (const table of [entries, people, held, messages, commands]) table.clear();
  }
}

export interface MemoryStoreOptions {
  userId: string;
  /** A disk of its own when left out. */
  disk?: MemoryDisk;
  maxMessages?: number;
  /** Awaited before each transaction: a simulation makes it slow, or never resolves it (the tab has crashed). */
  pause?: () => Promise<void>;
  kind?: 'disk' | 'memory';
}

/** Older than what is stored: by its place in the inbox, and at the same place by its head. */
export const isOlder = (entry: InboxEntry, held: InboxEntry | undefined): boolean =>
  held !== undefined &&
  (entry.pos < held.pos ||
    (entry.pos === held.pos && entry.conversation.headRev < held.conversation.headRev));

/** A draft that the server has; it stays until its entry is stored. */
export const isSettledDraft = (command: Command): command is Command & { name: 'draft' } =>
  command.name === 'draft' && !command.args.pending;

/** A draft that says nothing more than its entry. */
export const isOver = (command: Command, entryOf: (id: string) => InboxEntry | undefined): boolean =>
  isSettledDraft(command) && isRedundant(command.args, entryOf(command.args.conversationId));

/** Lives as long as its disk object. Used when there is no IndexedDB, and as the model that tests compare with. */
export class MemoryStore implements LocalStore {
  readonly disk: MemoryDisk;
  readonly kind: 'disk' | 'memory';
  readonly commands: CommandTable;
  readonly #generation: number;
  #closed = false;

  constructor(readonly options: MemoryStoreOptions) {
    this.disk = options.disk ?? new MemoryDisk();
    this.#generation = this.disk.generation;
    this.kind = options.kind ?? 'memory';
    this.commands = this.#table();
  }

  onDegraded(_listener: (reason: DegradedReason) => void): () => void {
    return () => {};
  }

  async load(): Promise<SavedState> {
    await this.options.pause?.();
    const { pos, peopleRev, entries, people, held, searches, commands } = this.disk;
    return {
      userId: this.options.userId,
      generation: this.disk.serverGeneration,
      pos,
      entries: [...entries.values()],
      people: [...people.values()],
      peopleRev,
      held: [...held.values()],
      searches,
      commands: [...commands.values()].sort(inOrder),
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
    if (batch.generation !== undefined) {
      this.disk.serverGeneration = batch.generation;
      for (const id of [...this.disk.held.keys()]) this.#drop(id);
    }
    this.#writeInbox(batch);
    this.#writeMessages(batch);
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
    const generation = this.disk.serverGeneration;
    return { generation, rev: held?.rev ?? 0, ranges: held?.ranges ?? [], messages };
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

  #writeInbox({ resetInbox, removed, entries, pos, people, peopleRev, searches }: StoreWrite) {
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
    for (const [id, command] of disk.commands) if (this.#isOver(command)) disk.commands.delete(id);
    disk.pos = Math.max(disk.pos, pos ?? 0);
    for (const person of people ?? []) disk.people.set(person.id, person);
    if (peopleRev !== undefined) disk.peopleRev = peopleRev;
    if (searches) disk.searches = searches;
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

  #isOver(command: Command) {
    return isOver(command, (id) => this.disk.entries.get(id));
  }

  #table(): CommandTable {
    const { commands } = this.disk;
    const { pause } = this.options;
    return {
      all: async () => {
        await pause?.();
        return [...commands.values()].sort(inOrder);
      },
      get: async (id) => {
        await pause?.();
        return commands.get(id) ?? null;
      },
      change: async (ids, change) => {
        await pause?.();
        const held = ids.map((id) => commands.get(id) ?? null);
        const next = change(held).map((command) => (command && this.#isOver(command) ? null : command));
        if (this.#over) return next;
        for (const [i, id] of ids.entries()) {
          const command = next[i];
          if (command) commands.set(id, command);
          else commands.delete(id);
        }
        return next;
      },
    };
  }
}
