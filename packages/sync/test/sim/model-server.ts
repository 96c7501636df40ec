import {
  type ChangePage,
  type ChangesEvent,
  type Conversation,
  type DigestRange,
  type DraftResult,
  entryDigest,
  type InboxEntry,
  type InboxPage,
  LockstepError,
  type Message,
  type MessagePage,
  mentionsIn,
  messagesDigest,
  overallDigest,
  type Receipt,
  type StateDigest,
  type SystemEvent,
  type TimelineCursor,
  UNREAD_CAP,
} from '@lockstep/protocol';
import type { PersonalChange } from '../../src/ports.ts';
import { NOTHING_PERSONAL } from '../fixtures.ts';

interface Stored {
  conversation: Conversation;
  members: Map<string, { joinedSeq: number }>;
  /** Newest state, by seq - 1. */
  messages: Message[];
  /** Each change as it was, by rev - 1. */
  log: Message[];
  fannedOut: number;
  touched: Set<string>;
}

/** What is personal, and where it stands in the inbox. */
type Entry = Pick<
  InboxEntry,
  'pos' | 'readSeq' | 'markedUnread' | 'draft' | 'mutedUntil' | 'pinnedAt' | 'archivedSeq' | 'placeSeq'
>;

/** The rules of the server, in memory and without faults: what the devices have to agree with. */
export class ModelServer {
  readonly conversations = new Map<string, Stored>();
  readonly #inboxes = new Map<string, { pos: number; entries: Map<string, Entry> }>();
  onChanges: (event: ChangesEvent) => void = () => {};
  onEntry: (userId: string, entry: InboxEntry) => void = () => {};
  onMembers: () => void = () => {};

  constructor(
    readonly now: () => number,
    /** Changed messages behind which a cursor gets `reset`, and the most entries of a page. */
    readonly limits = { reset: 1_000, page: 100 },
  ) {}

  create(id: string, userIds: string[], diffusion: 'write' | 'read' = 'write'): void {
    const conversation: Conversation = {
      id,
      kind: 'group',
      visibility: 'private',
      title: id,
      topic: null,
      memberCount: 0,
      headSeq: 0,
      headRev: 0,
      diffusion,
      createdAt: this.now(),
    };
    this.conversations.set(id, {
      conversation,
      members: new Map(),
      messages: [],
      log: [],
      fannedOut: 0,
      touched: new Set(),
    });
    for (const userId of userIds) this.join(id, userId);
  }

  #member(id: string, userId: string): Stored {
    const stored = this.conversations.get(id);
    if (!stored?.members.has(userId)) throw new LockstepError('not_found');
    return stored;
  }

  #store(id: string, stored: Stored, message: Message): Message {
    stored.messages[message.seq - 1] = message;
    stored.log.push(message);
    stored.conversation = {
      ...stored.conversation,
      headSeq: stored.messages.length,
      headRev: message.rev,
      memberCount: stored.members.size,
    };
    const meta = message.system ? { conversation: stored.conversation } : {};
    this.onChanges({ conversationId: id, messages: [message], ...meta });
    return message;
  }

  #append(
    id: string,
    senderId: string,
    content: { clientId: string; body: string | null; system: SystemEvent | null },
  ) {
    const stored = this.conversations.get(id) as Stored;
    const { headSeq, headRev } = stored.conversation;
    return this.#store(id, stored, {
      conversationId: id,
      seq: headSeq + 1,
      rev: headRev + 1,
      senderId,
      ...content,
      createdAt: this.now(),
      editedAt: null,
      recalledAt: null,
    });
  }

  send(userId: string, id: string, clientId: string, body: string): Message {
    const { messages } = this.#member(id, userId);
    const held = messages.find((m) => m.senderId === userId && m.clientId === clientId);
    return held ?? this.#append(id, userId, { clientId, body, system: null });
  }

  change(userId: string, id: string, seq: number, change: Partial<Message>): Message {
    const stored = this.#member(id, userId);
    const held = stored.messages[seq - 1];
    if (!held) throw new LockstepError('not_found');
    if (held.senderId !== userId) throw new LockstepError('forbidden');
    if (held.body === null) throw new LockstepError('conflict');
    return this.#store(id, stored, { ...held, ...change, rev: stored.conversation.headRev + 1 });
  }

  rename(id: string, userId: string, title: string): void {
    const stored = this.#member(id, userId);
    stored.conversation = { ...stored.conversation, title };
    this.#system(id, userId, { type: 'renamed', title });
  }

  join(id: string, userId: string): void {
    const stored = this.conversations.get(id) as Stored;
    if (stored.members.has(userId)) return;
    stored.members.set(userId, { joinedSeq: stored.conversation.headSeq });
    this.#system(id, userId, { type: 'joined', userIds: [userId] });
    this.#membership(id, userId, stored);
  }

  remove(id: string, userId: string): void {
    const stored = this.#member(id, userId);
    stored.members.delete(userId);
    this.#system(id, userId, { type: 'left', userId });
    this.#membership(id, userId, stored);
  }

  #system(id: string, userId: string, system: SystemEvent) {
    this.#append(id, userId, { clientId: `s${this.conversations.get(id)?.log.length}`, body: null, system });
  }

  #membership(id: string, userId: string, stored: Stored) {
    stored.touched.add(userId);
    this.onMembers();
    this.fanOut(id);
    this.onEntry(userId, this.entry(userId, id));
  }

  /** Level-triggered: from where it was to the head. Tells nobody: devices hear of it when they pull. */
  fanOut(id: string): void {
    const stored = this.conversations.get(id) as Stored;
    if (stored.fannedOut === stored.conversation.headRev) return;
    const since = stored.log.slice(stored.fannedOut);
    const wrote = since.filter((m) => !m.system && stored.members.has(m.senderId)).map((m) => m.senderId);
    const everyone = stored.conversation.diffusion === 'write' ? [...stored.members.keys()] : [];
    for (const userId of new Set([...everyone, ...wrote, ...stored.touched])) {
      const own = since.filter((m) => m.senderId === userId && !m.system).map((m) => m.seq);
      const joined = stored.members.get(userId)?.joinedSeq ?? 0;
      this.#move(userId, id, { readSeq: Math.max(joined, ...own) });
    }
    stored.touched.clear();
    stored.fannedOut = stored.conversation.headRev;
  }

  #inbox(userId: string) {
    const inbox = this.#inboxes.get(userId) ?? { pos: 0, entries: new Map<string, Entry>() };
    this.#inboxes.set(userId, inbox);
    return inbox;
  }

  /** To the tail, with a new `pos` (rule 4). */
  #move(userId: string, id: string, change: Partial<Entry>) {
    const inbox = this.#inbox(userId);
    inbox.pos++;
    const { mentions: _, ...nothing } = NOTHING_PERSONAL;
    const held = inbox.entries.get(id) ?? { ...nothing, readSeq: 0 };
    const readSeq = Math.max(held.readSeq, change.readSeq ?? 0);
    inbox.entries.set(id, { ...held, ...change, readSeq, pos: inbox.pos });
  }

  #write(userId: string, id: string, change: Partial<Entry>): InboxEntry {
    this.#move(userId, id, change);
    const entry = this.entry(userId, id);
    this.onEntry(userId, entry);
    return entry;
  }

  /** The last writer wins; what is so already does not move. */
  personal(userId: string, id: string, change: PersonalChange): InboxEntry {
    const { headSeq } = this.#member(id, userId).conversation;
    const held = this.entry(userId, id);
    const { markedUnread, mutedUntil, pinned, archived, placeSeq } = change;
    const next: Partial<Entry> = {};
    if (markedUnread !== undefined) next.markedUnread = markedUnread;
    if (mutedUntil !== undefined) next.mutedUntil = mutedUntil;
    if (pinned !== undefined) next.pinnedAt = pinned ? (held.pinnedAt ?? this.now()) : null;
    if (archived !== undefined) next.archivedSeq = archived ? headSeq : null;
    if (placeSeq !== undefined) next.placeSeq = placeSeq;
    const isNew = (Object.keys(next) as (keyof typeof next)[]).some((key) => next[key] !== held[key]);
    return isNew ? this.#write(userId, id, next) : held;
  }

  draft(userId: string, id: string, text: string, baseVersion: number): DraftResult {
    this.#member(id, userId);
    const entry = this.entry(userId, id);
    const held = entry.draft ?? { text: '', version: 0 };
    if (held.text === text) return { stored: true, entry };
    if (held.version !== baseVersion) return { stored: false, entry };
    const draft = { text, version: held.version + 1, updatedAt: this.now() };
    return { stored: true, entry: this.#write(userId, id, { draft }) };
  }

  receipts(userId: string, id: string): Receipt[] {
    const { members } = this.#member(id, userId);
    return [...members.keys()].map((member) => ({
      userId: member,
      readSeq: this.#inbox(member).entries.get(id)?.readSeq ?? 0,
    }));
  }

  digest(userId: string, ranges: DigestRange[]): StateDigest {
    const mine = [...this.conversations].filter(([, { members }]) => members.has(userId));
    const conversations = Object.fromEntries(mine.map(([id]) => [id, entryDigest(this.entry(userId, id))]));
    return {
      overall: overallDigest(conversations),
      conversations,
      ranges: ranges.map(({ conversationId, from, to }) => {
        const stored = this.conversations.get(conversationId);
        return stored?.members.has(userId) ? messagesDigest(stored.messages.slice(from - 1, to)) : null;
      }),
    };
  }

  atTime(id: string, at: number): number | null {
    return this.conversations.get(id)?.messages.find((m) => m.createdAt >= at)?.seq ?? null;
  }

  read(userId: string, id: string, seq: number): InboxEntry {
    const stored = this.#member(id, userId);
    const target = Math.min(seq, stored.conversation.headSeq);
    const held = this.#inbox(userId).entries.get(id);
    if (held && target <= held.readSeq && !held.markedUnread) return this.entry(userId, id);
    return this.#write(userId, id, { readSeq: target, markedUnread: false });
  }

  entry(userId: string, id: string): InboxEntry {
    const entry = this.#inbox(userId).entries.get(id);
    const stored = this.conversations.get(id);
    if (!entry || !stored) throw new LockstepError('not_found');
    const { pos, readSeq } = entry;
    const base = { pos, readSeq, peerId: null };
    if (!stored.members.has(userId)) {
      const conversation = { ...stored.conversation, title: null, memberCount: 0, headSeq: 0, headRev: 0 };
      return { ...base, ...NOTHING_PERSONAL, conversation, role: null, unread: 0, last: null };
    }
    return {
      ...base,
      ...entry,
      conversation: stored.conversation,
      role: 'member',
      ...this.#unread(stored, userId, readSeq),
      last: stored.messages.at(-1) ?? null,
    };
  }

  #unread({ messages }: Stored, userId: string, readSeq: number) {
    const counted = messages.filter((m) => m.seq > readSeq && m.senderId !== userId && m.body !== null);
    const mentions = counted.filter((m) => mentionsIn(m.body).includes(userId));
    return {
      unread: Math.min(UNREAD_CAP, counted.length),
      mentions: Math.min(UNREAD_CAP, mentions.length),
    };
  }

  inboxAfter(userId: string, afterPos: number, timelines: TimelineCursor[]): InboxPage {
    const later = [...this.#inbox(userId).entries]
      .filter(([, entry]) => entry.pos > afterPos)
      .sort(([, a], [, b]) => a.pos - b.pos);
    const moved = later.slice(0, this.limits.page).map(([id]) => this.entry(userId, id));
    const more = later.length > moved.length;
    const beside = more ? [] : this.#large(userId).filter((entry) => entry.pos <= afterPos);
    const to = moved.at(-1)?.pos ?? afterPos;
    const changes = more ? [] : this.#changesOfMany(userId, timelines);
    return { entries: [...moved, ...beside], people: [], to, more, changes };
  }

  /** As many as have moved by at most a page together, each whole. */
  #changesOfMany(userId: string, timelines: TimelineCursor[]): ChangePage[] {
    let left = this.limits.page;
    return timelines.flatMap(({ conversationId: id, afterRev }) => {
      const stored = this.conversations.get(id);
      const moved = (stored?.conversation.headRev ?? 0) - afterRev;
      if (!stored?.members.has(userId) || moved < 0 || moved > this.limits.page) return [];
      left -= moved;
      if (left < 0) return [];
      return [{ ...this.changes(id, stored.conversation, afterRev), to: stored.conversation.headRev }];
    });
  }

  /** Those in read diffusion. */
  #large(userId: string): InboxEntry[] {
    return [...this.conversations.values()]
      .filter((stored) => stored.conversation.diffusion === 'read' && stored.members.has(userId))
      .map(({ conversation }) => this.entry(userId, conversation.id));
  }

  /** The first half of each read, as the real server does it: the head is read before the messages. */
  head(userId: string, id: string): { headSeq: number; headRev: number } {
    return this.#member(id, userId).conversation;
  }

  page(id: string, head: { headSeq: number }, from: number, to: number): MessagePage {
    const first = Math.max(1, from);
    const last = Math.min(to, head.headSeq);
    const messages = this.conversations.get(id)?.messages.slice(first - 1, last) ?? [];
    return { messages, hasBefore: first > 1 && head.headSeq > 0, hasAfter: last < head.headSeq };
  }

  changes(id: string, head: { headSeq: number; headRev: number }, afterRev: number): ChangePage {
    const heads = { conversationId: id, headRev: head.headRev, headSeq: head.headSeq };
    const changed = (this.conversations.get(id)?.messages ?? [])
      .filter((m) => m.rev > afterRev && m.rev <= head.headRev)
      .sort((a, b) => a.rev - b.rev);
    // Rule 8: messages are counted, not changes.
    if (afterRev > head.headRev || changed.length > this.limits.reset)
      return { ...heads, messages: [], to: head.headRev, reset: true };
    const messages = changed.slice(0, this.limits.page);
    const full = messages.length === this.limits.page;
    const to = full ? (messages.at(-1)?.rev ?? head.headRev) : head.headRev;
    return { ...heads, messages, to, reset: false };
  }
}
