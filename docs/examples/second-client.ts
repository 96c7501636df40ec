import type * as P from '@lockstep/protocol';
import { LIMITS } from '@lockstep/protocol';
import { mergeDrafts } from '@lockstep/sync/pending/merge-drafts';
import { Line, Refused } from './second-client-line.ts';
import { newer, State, type Timeline } from './second-client-state.ts';

/** What waits to be written on top of `base`, the server's text of `version`, and what was tried or sent of it. */
interface Typed {
  text: string;
  base: string;
  version: number;
  tried: string[];
  sent: string[];
}

/** Null for what is not there, or not for this person. */
const gone = (error: unknown): null => {
  if (error instanceof Refused && error.data.code === 'not_found') return null;
  throw error;
};

const uuid7 = () => {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
};

/**
 * A client made from docs/sync.md alone: if it needs anything that the page does not say, the page is at fault. It
 * keeps everything in memory and holds full timelines. The tests in apps/web/test/sync/second-client run it beside
 * our own.
 */
export class SecondClient {
  readonly line: Line;
  readonly state: State;
  readonly typed = new Map<string, Typed>();
  readonly reads = new Map<string, number>();
  readonly #opened = new Set<string>();

  constructor(url: string, cookie: string, userId: string) {
    const doing = {
      inbox: this.#getInStep,
      people: this.#getInStep,
      entry: this.#entry,
      timeline: this.#timeline,
      read: this.#readAgain,
    };
    this.state = new State(userId, (what, id) => void doing[what](id));
    this.line = new Line(url, cookie, {
      getInStep: this.#getInStep,
      changes: (event) => void this.state.apply(event),
      inbox: this.#pullIfBehind,
      people: (event) => this.state.takePeople(event),
      ended: (wipe) => wipe && this.#wipe(),
    });
  }

  get busy(): boolean {
    const unsent = this.state.outbox.filter((item) => !item.failed).length;
    return this.line.jobs.size + unsent + this.typed.size + this.reads.size > 0;
  }

  open(id: string): Promise<void> {
    this.#opened.add(id);
    return this.#timeline(id);
  }

  send(conversationId: string, said: string | P.Written): void {
    const written = typeof said === 'string' ? { body: said } : said;
    const { body } = written;
    this.state.outbox.push({ conversationId, clientId: uuid7(), ...written });
    const typed = this.#typedIn(conversationId);
    if (typed.version > 0 || this.typed.has(conversationId))
      this.typed.set(conversationId, { ...typed, text: '', sent: [...typed.sent, body] });
    this.#flush();
  }

  type(conversationId: string, text: string): void {
    this.typed.set(conversationId, { ...this.#typedIn(conversationId), text });
    this.#flush();
  }

  read(id: string, seq: number): void {
    this.reads.set(id, Math.max(seq, this.reads.get(id) ?? 0));
    this.#flush();
  }

  #readAgain = (id: string) => this.read(id, this.state.entries.get(id)?.readSeq ?? 0);

  async personal(conversationId: string, changes: object): Promise<void> {
    // Reading clears "marked as unread", so earlier reading is sent first.
    if (this.reads.has(conversationId)) await this.#reportRead(conversationId);
    this.state.merge(
      await this.line.ask<P.InboxEntry>('sync.personal', { conversationId, ...changes }, true),
    );
  }

  async change(kind: 'edit' | 'recall', conversationId: string, rest: object): Promise<void> {
    const message = await this.line.ask<P.Message>(`messages.${kind}`, { conversationId, ...rest }, true);
    this.state.apply({ conversationId, messages: [message] });
  }

  /** On top of what the text was begun on, not of the newest that arrived meanwhile. */
  #typedIn(id: string): Typed {
    const { text: base, version } = this.state.entries.get(id)?.draft ?? { text: '', version: 0 };
    return this.typed.get(id) ?? { text: '', base, version, tried: [], sent: [] };
  }

  #pullIfBehind = (entry: P.InboxEntry) => {
    this.state.merge(entry);
    if (entry.pos === this.state.pos + 1) this.state.pos++;
    else if (entry.pos > this.state.pos) void this.#getInStep();
  };

  #wipe(): void {
    for (const held of [this.state, this.typed, this.reads]) held.clear();
    this.state.outbox = [];
  }

  #getInStep = () =>
    this.line.run('step', async () => {
      const { state } = this;
      for (let more = true; more; ) {
        const { pos: afterPos, peopleRev } = state;
        const page = await this.line.ask<P.InboxPage>('sync.inbox', { afterPos, peopleRev });
        if (state.isOtherGeneration(page)) continue;
        state.takeInbox(page, afterPos);
        if (page.peopleChanges) await this.#people(page.peopleChanges);
        more = page.more;
      }
      for (const id of [...this.#opened].reverse()) {
        const entry = state.entries.get(id);
        if (entry && entry.conversation.headRev !== state.timelines.get(id)?.rev) await this.#timeline(id);
      }
      this.#flush();
    });

  async #people(page: P.PeopleChanges): Promise<void> {
    const { state } = this;
    if (page.reset) {
      const ids = [...state.people.keys()];
      for (let i = 0; i < ids.length; i += LIMITS.page) {
        const userIds = ids.slice(i, i + LIMITS.page);
        const found = await this.line.ask<P.Person[]>('people.get', { userIds });
        for (const person of found) state.people.set(person.id, person);
      }
      state.peopleRev = page.to;
      return;
    }
    state.takePeople(page);
    if (page.more) await this.#people(await this.line.ask('people.changes', { afterRev: page.to }));
  }

  #entry = (conversationId: string) =>
    this.line.run(`entry ${conversationId}`, async () => {
      const pos = () => this.state.entries.get(conversationId)?.pos;
      const before = pos();
      const entry = await this.line.ask<P.InboxEntry>('conversations.get', { conversationId }).catch(gone);
      if (entry) this.state.merge(entry);
      else if (pos() === before) this.state.leave(conversationId);
      else this.state.need('entry', conversationId);
    });

  #timeline = (id: string) =>
    this.line.run(`timeline ${id}`, () => this.#pull(id).catch((error) => gone(error) ?? this.#entry(id)));

  async #pull(conversationId: string): Promise<void> {
    const entry = this.state.entries.get(conversationId);
    if (!entry) return;
    // A page is as new as the moment of the request, so it includes everything up to the head known before.
    let held = this.state.timelines.get(conversationId);
    held ??= await this.#newest(conversationId, entry.conversation.headRev);
    const changed = new Map<number, P.Message>();
    for (let [afterRev, done] = [held.rev, false]; !done; ) {
      const input = { conversationId, afterRev, limit: LIMITS.page };
      const page = await this.line.ask<P.ChangePage>('sync.changes', input);
      if (page.reset) held = await this.#newest(conversationId, page.to);
      for (const message of page.messages) changed.set(message.seq, message);
      afterRev = page.to;
      done = !page.reset && page.to === page.headRev;
      if (done) this.state.applyChanged(held, [...changed.values()], page.to);
    }
    while ((held.messages[0]?.seq ?? 1) > 1) {
      const input = { conversationId, seq: held.messages[0]?.seq, limit: LIMITS.page };
      const { messages } = await this.line.ask<P.MessagePage>('messages.before', input);
      const { late } = held;
      held.messages.unshift(...messages.map((message) => newer(message, late.get(message.seq))));
    }
    held.late.clear();
    const { headRev = 0 } = this.state.entries.get(conversationId)?.conversation ?? {};
    if (held.rev > headRev) await this.#entry(conversationId);
  }

  async #newest(conversationId: string, rev: number): Promise<Timeline> {
    const input = { conversationId, limit: LIMITS.page };
    const { messages } = await this.line.ask<P.MessagePage>('messages.before', input);
    const timeline = { rev, messages, late: new Map() };
    if (this.state.entries.has(conversationId)) this.state.timelines.set(conversationId, timeline);
    return timeline;
  }

  #flush(): void {
    if (!this.line.open) return;
    for (const { conversationId: id } of this.state.outbox)
      void this.line.run(`outbox ${id}`, () => this.#send(id));
    for (const id of this.typed.keys()) void this.line.run(`draft ${id}`, () => this.#writeDraft(id));
    for (const id of this.reads.keys()) void this.#reportRead(id);
  }

  async #send(conversationId: string): Promise<void> {
    for (;;) {
      const item = this.state.outbox.find((one) => one.conversationId === conversationId && !one.failed);
      if (!item) return;
      const { conversationId: _, clientId, failed: __, ...written } = item;
      try {
        const message = await this.line.ask<P.Message>(
          'messages.send',
          { conversationId, clientId, ...written },
          true,
        );
        if (!this.state.apply({ conversationId, messages: [message] })) await this.#timeline(conversationId);
        this.state.outbox = this.state.outbox.filter((one) => one !== item);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        item.failed = error.data.code;
      }
    }
  }

  async #writeDraft(conversationId: string): Promise<void> {
    for (let typed = this.typed.get(conversationId); typed; typed = this.typed.get(conversationId)) {
      const { text, version: baseVersion } = typed;
      typed.tried.push(text);
      const input = { conversationId, text, baseVersion };
      const { stored, entry } = await this.line.ask<P.DraftResult>('sync.draft', input, true);
      this.state.merge(entry);
      const now = this.typed.get(conversationId) ?? typed;
      const { text: theirs, version } = entry.draft ?? { text: '', version: 0 };
      const isTried = version === now.version + 1 && now.tried.includes(theirs);
      const isOurs = stored || isTried || now.sent.some((body) => body.trim() === theirs.trim());
      const next = isOurs ? now.text : mergeDrafts(now.base, theirs, now.text, now.tried);
      if (next === theirs) this.typed.delete(conversationId);
      else this.typed.set(conversationId, { ...now, text: next, base: theirs, version, tried: [] });
    }
  }

  #reportRead = (id: string) => this.line.run(`read ${id}`, () => this.#sendRead(id));

  async #sendRead(conversationId: string): Promise<void> {
    const seq = this.reads.get(conversationId) ?? 0;
    this.state.merge(await this.line.ask<P.InboxEntry>('sync.read', { conversationId, seq }, true));
    if (this.reads.get(conversationId) === seq) this.reads.delete(conversationId);
  }
}
