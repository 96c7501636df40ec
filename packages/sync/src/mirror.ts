import type { InboxEntry, Message, MessagePage } from '@lockstep/protocol';
import type { Context } from './context.ts';
import type { Model } from './model.ts';
import type { Timer } from './ports.ts';
import {
  type Held,
  type HeldWrite,
  type LocalStore,
  type SavedState,
  StaleWriter,
  type StoreWrite,
} from './store/port.ts';
import { claim } from './store/ranges.ts';
import { derive } from './unread.ts';

/** Changes are gathered this long, in ms, and written in one transaction. */
const GATHER_MS = 250;

/** An entry as stored: where it is `stale`, it has to be fetched before it can be trusted to the last field. */
export interface SavedEntry extends InboxEntry {
  readonly stale?: true;
}

const WRITTEN = [
  'entries',
  'staleEntries',
  'people',
  'peopleRev',
  'pos',
  'knownSearches',
  'generation',
] as const;

type Run = Pick<MessagePage, 'messages' | 'hasAfter'>;

interface Queued {
  write: HeldWrite;
  messages: Map<number, Message>;
}

/**
 * While this tab leads, keeps the local store equal to what this device knows of the server. A batch is one snapshot
 * of the model, so the cursor is never stored before its entries (rule 6).
 */
export class Mirror {
  #epoch: number | null = null;
  /** The inbox is not written before this tab knows at least as much as the disk. */
  #diskPos = 0;
  #written: Pick<Model, (typeof WRITTEN)[number] | 'tallies'> | null = null;
  /** What the store holds of each conversation once the queue is written. */
  #held = new Map<string, Held>();
  #queue = new Map<string, Queued>();
  #dropped = new Set<string>();
  #timer: Timer | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(
    readonly context: Context,
    readonly local: LocalStore,
    /** Another tab has taken over. */
    readonly onStale: () => void,
  ) {
    context.store.subscribe(() => {
      const { model } = context.store;
      const written = this.#written;
      if (written && WRITTEN.some((key) => written[key] !== model[key])) this.#soon();
    });
  }

  /** `saved` is the content of the store. */
  begin(epoch: number, saved: SavedState): void {
    this.#epoch = epoch;
    this.#diskPos = saved.pos;
    const entries = new Map(saved.entries.map((entry) => [entry.conversation.id, entry]));
    const people = new Map(saved.people.map((person) => [person.id, person]));
    const { pos, peopleRev, searches: knownSearches, generation } = saved;
    const nothing = { tallies: new Map(), staleEntries: new Set<string>() };
    this.#written = { ...nothing, entries, people, peopleRev, pos, knownSearches, generation };
    this.#held = new Map(saved.held.map((held) => [held.conversationId, held]));
    const known = this.context.store.model.generation;
    if (known !== undefined && known !== generation) this.resetAll();
    this.#soon();
  }

  end(): void {
    this.#epoch = null;
    this.#written = null;
    this.#queue.clear();
    this.#dropped.clear();
    this.#held.clear();
  }

  get writes(): boolean {
    return this.#epoch !== null;
  }

  held(conversationId: string): Held | undefined {
    return this.#held.get(conversationId);
  }

  /** The newest state of all that changed after `since` up to `rev`, in any order. */
  changed(conversationId: string, messages: readonly Message[], since: number, rev: number): void {
    const held = this.#held.get(conversationId);
    // The cache fetches what is not held, including changes between `held.rev` and `since`.
    if (!held || since > held.rev || rev <= held.rev) return;
    const end = held.ranges.at(-1)?.[1] ?? 0;
    const ranges = messages.filter((m) => m.seq > end).map((m) => [m.seq, m.seq] as const);
    this.#enqueue({ conversationId, since: held.rev, rev, ranges }, messages);
  }

  /**
   * Stores a run of messages without holes, at least as new as `rev`. The first page stored of a conversation reaches
   * its head, so every message after the last one held is newer than the held `rev`, and a window from the disk
   * continues without a hole.
   */
  page(conversationId: string, { messages, hasAfter }: Run, rev: number): void {
    const held = this.#held.get(conversationId);
    const first = messages[0]?.seq;
    if (first === undefined || (held ? rev < held.rev : hasAfter)) return;
    const since = held?.rev ?? rev;
    const ranges = [[first, messages.at(-1)?.seq ?? first] as const];
    this.#enqueue({ conversationId, since, rev: since, ranges }, messages);
  }

  /** What is held cannot be brought up to date (rule 8). */
  reset(conversationId: string): void {
    if (this.#epoch === null) return;
    this.#queue.delete(conversationId);
    this.#held.delete(conversationId);
    this.#dropped.add(conversationId);
  }

  /** The server was restored to an earlier state, so neither the held messages nor the stored cursor can be trusted. */
  resetAll(): void {
    this.#diskPos = 0;
    for (const id of [...this.#held.keys()]) this.reset(id);
  }

  /** The user opened it: it is evicted last when space is short. */
  opened(conversationId: string): void {
    const rev = this.#held.get(conversationId)?.rev;
    if (rev === undefined) return;
    const readAt = this.context.clock.now();
    this.#enqueue({ conversationId, since: rev, rev, ranges: [], readAt }, []);
  }

  #enqueue(write: HeldWrite, messages: readonly Message[]) {
    const id = write.conversationId;
    // A request made before the user left may be answered afterwards (rule 10).
    if (this.#epoch === null || !this.context.store.model.entries.has(id)) return;
    const seqs = messages.map((m) => m.seq);
    this.#held.set(id, claim(this.#held.get(id) ?? null, write, seqs).held);
    const queued = this.#queue.get(id) ?? { write, messages: new Map<number, Message>() };
    for (const message of messages)
      if (message.rev >= (queued.messages.get(message.seq)?.rev ?? 0))
        queued.messages.set(message.seq, message);
    const readAt = Math.max(queued.write.readAt ?? 0, write.readAt ?? 0);
    const ranges = queued.write === write ? write.ranges : [...queued.write.ranges, ...write.ranges];
    const rev = Math.max(queued.write.rev, write.rev);
    queued.write = { ...queued.write, rev, ranges, ...(readAt ? { readAt } : {}) };
    this.#queue.set(id, queued);
    this.#soon();
  }

  #soon() {
    if (this.#timer !== null || this.#epoch === null) return;
    this.#timer = this.context.clock.setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, GATHER_MS);
  }

  /** Resolves once everything known now is written. Never rejects. */
  flush(): Promise<void> {
    this.#last = this.#last.then(() => this.#write());
    return this.#last;
  }

  async #write() {
    const epoch = this.#epoch;
    if (epoch === null) return;
    const batch = { ...this.#inbox(), ...this.#messages() };
    if (Object.keys(batch).length === 0) return;
    try {
      await this.local.write(epoch, batch);
    } catch (error) {
      if (this.#epoch !== epoch) return;
      this.end();
      if (error instanceof StaleWriter) this.onStale();
      else this.context.failed(error);
    }
  }

  #messages(): StoreWrite {
    const queued = [...this.#queue.values()];
    const dropped = [...this.#dropped];
    this.#queue = new Map();
    this.#dropped = new Set();
    return {
      ...(dropped.length > 0 ? { droppedMessages: dropped } : {}),
      ...(queued.length > 0 ? { held: queued.map(({ write }) => write) } : {}),
      ...(queued.length > 0 ? { messages: queued.flatMap(({ messages }) => [...messages.values()]) } : {}),
    };
  }

  #inbox(): StoreWrite {
    const { model } = this.context.store;
    const old = this.#written;
    if (!old || !model.loaded || model.pos < this.#diskPos) return {};
    this.#diskPos = 0;
    const { entries, tallies, staleEntries, people, peopleRev, pos, knownSearches } = model;
    const { generation = old.generation ?? null } = model;
    this.#written = { entries, tallies, staleEntries, people, peopleRev, pos, knownSearches, generation };
    const resetInbox = pos < old.pos || generation !== old.generation;
    const changed = [...entries.values()].filter((entry) => {
      const { id } = entry.conversation;
      const same = old.entries.get(id) === entry && old.tallies.get(id) === tallies.get(id);
      return resetInbox || !same || old.staleEntries.has(id) !== staleEntries.has(id);
    });
    // Also what came and went between two writes: its messages may be held, or wait to be written (rule 10).
    const known = new Set([...old.entries.keys(), ...this.#held.keys()]);
    const removed = [...known].filter((id) => !entries.has(id));
    for (const id of removed) {
      this.#held.delete(id);
      this.#queue.delete(id);
    }
    const changedPeople =
      old.people === people ? [] : [...people].filter(([id, person]) => old.people.get(id) !== person);
    return {
      ...(resetInbox ? { resetInbox } : {}),
      ...(removed.length > 0 ? { removed } : {}),
      ...(changed.length > 0 ? { entries: changed.map((entry) => savedEntry(model, entry)) } : {}),
      ...(generation !== old.generation ? { generation } : {}),
      ...(resetInbox || pos !== old.pos ? { pos } : {}),
      ...(changedPeople.length > 0 ? { people: changedPeople.map(([, person]) => person) } : {}),
      ...(peopleRev !== null && peopleRev !== old.peopleRev ? { peopleRev } : {}),
      ...(knownSearches !== old.knownSearches ? { searches: knownSearches } : {}),
    };
  }
}

/** What the server said, with the counts as they are at the server's read position. */
const savedEntry = (model: Model, entry: InboxEntry): SavedEntry => {
  const { id } = entry.conversation;
  const tally = model.tallies.get(id);
  if (!tally) return { ...entry, stale: true };
  const { unread, mentions, exact } = derive(tally, entry.readSeq, model.timelines.get(id), model.me.userId);
  const stale = !exact || model.staleEntries.has(id);
  return { ...entry, unread, mentions, ...(stale ? { stale } : {}) };
};
