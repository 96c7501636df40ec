import type * as P from '@lockstep/protocol';
import {
  entryDigest,
  mentionsIn,
  messagesDigest,
  overallDigest,
  stateOf,
  UNREAD_CAP,
} from '@lockstep/protocol';

/** `messages` ascending by `seq`, without gaps. `late`: what was applied while older pages are on their way. */
export interface Timeline {
  rev: number;
  messages: P.Message[];
  late: Map<number, P.Message>;
}

export interface Item extends P.Written {
  conversationId: string;
  clientId: string;
  failed?: P.ErrorCode;
}

/** What has to be asked for, because what arrived does not tell; `read`: a position that only this device knows. */
type Need = (what: 'inbox' | 'entry' | 'timeline' | 'people', conversationId: string) => void;

export const newer = (a: P.Message, b?: P.Message): P.Message => (b && b.rev > a.rev ? b : a);

/** The state of the second client, and how input changes it. All synchronous. */
export class State {
  pos = 0;
  readonly entries = new Map<string, P.InboxEntry>();
  readonly timelines = new Map<string, Timeline>();
  readonly people = new Map<string, P.Person>();
  /** Null until the first answer. */
  peopleRev: number | null = null;
  /** Which history of the server's data this is of; undefined until the first answer. */
  generation: string | null | undefined;
  outbox: Item[] = [];
  /** `pos` of each removal: older entries must not bring the conversation back. */
  readonly #left = new Map<string, number>();

  constructor(
    readonly userId: string,
    readonly need: Need,
  ) {}

  clear(): void {
    for (const held of [this.entries, this.timelines, this.#left]) held.clear();
  }

  /** Of two states the one with the greater `rev`. */
  addPeople(people: P.Person[]): void {
    for (const person of people)
      if (person.rev >= (this.people.get(person.id)?.rev ?? 0)) this.people.set(person.id, person);
  }

  /** A push, or a page of an answer: the cursor moves only if there is no gap. */
  takePeople({ after, people, to }: Pick<P.PeopleChanges, 'after' | 'people' | 'to'>): void {
    this.addPeople(people);
    if (after === null) this.peopleRev ??= to;
    else if (this.peopleRev === null) return;
    else if (after > this.peopleRev) this.need('people', '');
    else this.peopleRev = Math.max(this.peopleRev, to);
  }

  /** Whether the server was restored since: then nothing that is held counts, and this page neither. */
  isOtherGeneration({ generation = this.generation }: P.InboxPage): boolean {
    const known = this.generation;
    this.generation = generation;
    if (known === undefined || known === generation) return false;
    this.clear();
    this.people.clear();
    this.peopleRev = null;
    this.pos = 0;
    return true;
  }

  takeInbox(page: P.InboxPage, afterPos: number): void {
    if (page.to < afterPos) this.clear();
    this.addPeople(page.people);
    for (const entry of page.entries) this.merge(entry);
    // Pushes may have moved it further meanwhile.
    this.pos = page.to < afterPos ? page.to : Math.max(this.pos, page.to);
  }

  /** An entry, by whichever way it came. */
  merge(entry: P.InboxEntry): void {
    const { id } = entry.conversation;
    const held = this.entries.get(id);
    if (entry.pos < Math.max(this.#left.get(id) ?? 0, entry.role ? 0 : (held?.pos ?? 0))) return;
    if (entry.role === null) {
      this.leave(id, entry.pos);
      return;
    }
    const byPos = held && held.pos > entry.pos ? held : entry;
    const byRev = held && held.conversation.headRev > entry.conversation.headRev ? held : entry;
    const { conversation, last } = byRev;
    const readSeq = Math.max(entry.readSeq, held?.readSeq ?? 0);
    // The counts belong to a head and a read position: those of the side that has both.
    const sure = [entry, held].find(
      (one) => one?.conversation.headRev === conversation.headRev && one.readSeq === readSeq,
    );
    const { unread, mentions } = sure ?? byRev;
    this.entries.set(id, { ...byPos, conversation, last, readSeq, unread, mentions });
    if (!this.#count(id) && !sure) this.need('entry', id);
    if ((this.timelines.get(id)?.rev ?? conversation.headRev) < conversation.headRev)
      this.need('timeline', id);
  }

  leave(id: string, pos = this.entries.get(id)?.pos ?? 0): void {
    this.#left.set(id, Math.max(pos, this.#left.get(id) ?? 0));
    this.entries.delete(id);
    this.timelines.delete(id);
  }

  /** A push, or the answer to a call. False where something between is missing. */
  apply({ conversationId: id, messages, conversation }: P.ChangesEvent): boolean {
    const timeline = this.timelines.get(id);
    const news = messages.filter((message) => message.rev > (timeline?.rev ?? 0));
    const fits = !timeline || news.every((message, i) => message.rev === timeline.rev + 1 + i);
    if (timeline && fits) this.applyChanged(timeline, news, timeline.rev + news.length);
    if (!fits) this.need('timeline', id);
    const entry = this.entries.get(id);
    if (!entry) this.need('inbox', id);
    else this.#moveEntry(entry, messages, conversation);
    return fits;
  }

  #moveEntry(entry: P.InboxEntry, messages: P.Message[], conversation?: P.Conversation): void {
    const { id, headRev } = entry.conversation;
    const ahead = messages.filter((message) => message.rev > headRev);
    if (ahead.length === 0) return;
    if (ahead.some((message, i) => message.rev !== headRev + 1 + i)) {
      this.need('entry', id);
      return;
    }
    const headSeq = Math.max(entry.conversation.headSeq, ...ahead.map((message) => message.seq));
    const mine = ahead
      .filter(({ senderId, system }) => senderId === this.userId && !system)
      .map(({ seq }) => seq);
    const newHead = { headSeq, headRev: headRev + ahead.length };
    entry.conversation = { ...entry.conversation, ...conversation, ...newHead };
    entry.last = ahead.findLast((message) => message.seq === headSeq) ?? entry.last;
    entry.readSeq = Math.max(entry.readSeq, ...mine);
    if (!this.#count(id)) this.need('entry', id);
  }

  /** Changes without a gap between them and what is applied. */
  applyChanged(timeline: Timeline, changed: P.Message[], rev: number): void {
    const { messages, late } = timeline;
    // By `seq`, not by `rev`: a message that was edited soon comes after the one that followed it.
    for (const message of [...changed].sort((a, b) => a.seq - b.seq)) {
      late.set(message.seq, newer(message, late.get(message.seq)));
      const index = message.seq - (messages[0]?.seq ?? 1);
      if (index >= 0 && index <= messages.length) messages[index] = newer(message, messages[index]);
      const mine = ({ clientId }: Item) => clientId === message.clientId && message.senderId === this.userId;
      this.outbox = this.outbox.filter((item) => !mine(item));
    }
    timeline.rev = Math.max(timeline.rev, rev);
    const [id] = [...this.timelines].find(([, one]) => one === timeline) ?? [];
    if (id) this.#count(id);
  }

  /** False if the held messages are not enough to tell. */
  #count(id: string): boolean {
    const [entry, timeline] = [this.entries.get(id), this.timelines.get(id)];
    if (!entry) return false;
    const { headSeq, headRev } = entry.conversation;
    if (entry.readSeq >= headSeq) [entry.unread, entry.mentions] = [0, 0];
    else if (timeline?.rev !== headRev || (timeline.messages[0]?.seq ?? 1) > entry.readSeq + 1) return false;
    else {
      const unread = timeline.messages.filter(
        (one) => one.seq > entry.readSeq && one.senderId !== this.userId && stateOf(one) === 'live',
      );
      const mentions = unread.filter(({ body }) => mentionsIn(body).includes(this.userId));
      entry.unread = Math.min(unread.length, UNREAD_CAP);
      entry.mentions = Math.min(mentions.length, UNREAD_CAP);
    }
    return true;
  }

  digest() {
    const each = [...this.entries].map(([id, entry]) => [id, entryDigest(entry)]);
    const conversations: Record<string, string> = Object.fromEntries(each);
    const ranges = [...this.timelines].map(([conversationId, { messages }]) => {
      const [from, to] = [messages[0]?.seq ?? 1, messages.at(-1)?.seq ?? 1];
      return { conversationId, from, to, digest: messagesDigest(messages) };
    });
    return { overall: overallDigest(conversations), conversations, ranges };
  }
}
